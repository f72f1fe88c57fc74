"""The list of customers that one may sign in as, the beginning of it and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from mailcenter.actions import ActionError
from mailcenter.actions.acting import may_act_as
from mailcenter.center.web.access import EVERYONE, Request, actor_of, only_for, scope_for
from mailcenter.center.web.acting import begin_visit, end_visit
from mailcenter.center.web.lists import paged, search_text
from mailcenter.directory.models import Role, User
from mailcenter.directory.models.user import PLATFORM_ROLES
from mailcenter.directory.scope import visible_users

HELPERS = (Role.OPERATOR, Role.SUPPORT, Role.RESELLER)


@only_for(*HELPERS)
def index(request: Request) -> HttpResponse:
    """Customers' logins, found by login, name or organisation."""
    text = search_text(request)
    rows = visible_users(scope_for(request)).exclude(role__in=PLATFORM_ROLES).exclude(pk=request.user.pk)
    if text:
        rows = rows.filter(
            Q(login__icontains=text) | Q(display_name__icontains=text) | Q(organisation__name__icontains=text)
        )
    page = paged(request, rows)
    people = [(person, may_act_as(actor_of(request), person)) for person in page]
    return render(request, "center/act_as.html", {"page": page, "people": people, "text": text})


@only_for(*HELPERS, himself=True)
def begin(request: Request, pk: int) -> HttpResponse:
    """By POST alone, so that no foreign link can do it."""
    person = get_object_or_404(visible_users(scope_for(request)), pk=pk)
    if request.method == "POST":
        try:
            begin_visit(request, person)
        except ActionError as error:
            messages.error(request, error.message)
        else:
            return redirect("start")
    return redirect("act-as")


@only_for(*EVERYONE)
def end(request: Request) -> HttpResponse:
    """Back to oneself, where one came from."""
    if request.method != "POST" or request.behind is None:
        return redirect("start")
    customer: User = request.user
    end_visit(request)
    if request.behind.role == Role.OPERATOR:
        return redirect("user", customer.pk)
    return redirect("act-as")
