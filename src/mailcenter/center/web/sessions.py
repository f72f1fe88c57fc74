"""One's own sessions in the center: where one is signed in, and the end of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from mailcenter.actions.sessions import end_session, end_sessions
from mailcenter.center.web.access import EVERYONE, Request, actor_of, only_for, scope_for
from mailcenter.center.web.browsers import browser_words
from mailcenter.center.web.lists import paged
from mailcenter.center.web.sign_in import session_number
from mailcenter.directory.models import WebSession
from mailcenter.directory.scope import visible_sessions


@only_for(*EVERYONE, himself=True)
def index(request: Request) -> HttpResponse:
    """Those that have not ended, the latest used first."""
    page = paged(request, visible_sessions(scope_for(request)).filter(user=request.user))
    rows = [(row, browser_words(row.user_agent)) for row in page]
    return render(request, "center/sessions.html", {"page": page, "rows": rows, "present": session_number(request)})


@only_for(*EVERYONE, himself=True)
def end(request: Request, pk: int) -> HttpResponse:
    """End one of one's own, by POST alone, so that no foreign link can do it."""
    own: WebSession = get_object_or_404(visible_sessions(scope_for(request)), user=request.user, number=pk)
    if request.method == "POST":
        messages.success(request, end_session(actor=actor_of(request), session=own))
    return redirect("sessions")


@only_for(*EVERYONE, himself=True)
def end_others(request: Request) -> HttpResponse:
    """End all but the present one, by POST alone."""
    if request.method == "POST":
        messages.success(request, end_sessions(actor=actor_of(request), user=request.user))
    return redirect("sessions")
