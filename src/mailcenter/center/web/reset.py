"""The question before somebody's second factors are reset, the same for people and for owners of mailboxes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from mailcenter.actions.second_factors import reset_second_factors
from mailcenter.center.web.access import Request, actor_of
from mailcenter.center.web.forms.base import Form
from mailcenter.directory.models import User


def reset_of(request: Request, person: User, back: str) -> HttpResponse:
    """Asks, then resets; afterwards `back` is shown."""
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: reset_second_factors(actor=actor_of(request), user=person))
        if done:
            messages.success(request, done)
            return redirect(back)
    return render(request, "center/second_factor/reset.html", {"form": form, "person": person, "back": back})
