"""People: operators, support, resellers and domain administrators; mailbox owners come with their mailboxes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from mailcenter.actions import users
from mailcenter.actions.acting import may_act_as
from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_step import has_second_factor
from mailcenter.center.web.access import Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.passwords import SetPasswordForm
from mailcenter.center.web.forms.users import AddUserForm, ChangeUserForm
from mailcenter.center.web.lists import paged, search_text
from mailcenter.center.web.reset import reset_of
from mailcenter.directory.models import Role, User
from mailcenter.directory.scope import visible_domains, visible_organisations, visible_users


@only_for(Role.OPERATOR, Role.RESELLER)
def index(request: Request) -> HttpResponse:
    """All people; `role` narrows to one role, and only then mailbox owners are shown."""
    role, text = request.GET.get("role", ""), search_text(request)
    rows = visible_users(scope_for(request))
    rows = rows.filter(role=role) if role in Role.values else rows.exclude(role=Role.MAILBOX)
    if text:
        rows = rows.filter(
            Q(login__icontains=text) | Q(display_name__icontains=text) | Q(organisation__name__icontains=text)
        )
    return render(
        request,
        "center/users/list.html",
        {"page": paged(request, rows), "text": text, "role": role, "roles": Role.choices},
    )


@sensitive_post_parameters("password")
@only_for(Role.OPERATOR, Role.RESELLER)
def add(request: Request) -> HttpResponse:
    """A new login without a mailbox. A password that we made is shown in the answer, and never again."""
    scope = scope_for(request)
    form = AddUserForm(
        request.POST or None,
        organisations=visible_organisations(scope),
        domains=visible_domains(scope),
        role=request.user.role,
    )
    if request.method == "POST":
        made = form.run(lambda values: users.create_user(actor=actor_of(request), **values))
        if made:
            if form.made_password:
                return render(
                    request, "center/users/made.html", {"person": made, "secret": form.made_password, "new": True}
                )
            messages.success(request, _("%(login)s is added.") % {"login": made.login})
            return redirect("user", made.pk)
    return render(request, "center/users/add.html", {"form": form})


@only_for(Role.OPERATOR, Role.RESELLER)
def show(request: Request, pk: int) -> HttpResponse:
    """One person; the form changes him."""
    scope = scope_for(request)
    person = get_object_or_404(visible_users(scope), pk=pk)
    form = ChangeUserForm(
        request.POST or None, person=person, oneself=person == request.user, domains=visible_domains(scope)
    )
    if request.method == "POST":

        def change(values: dict[str, Any]) -> User:
            return users.change_user(actor=actor_of(request), user=person, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved."))
            return redirect("user", pk)
    return render(
        request,
        "center/users/show.html",
        {
            "person": person,
            "form": form,
            "second_factor": has_second_factor(person),
            "may_act_as": may_act_as(actor_of(request), person),
        },
    )


@only_for(Role.OPERATOR, Role.RESELLER)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then removes the login."""
    person = get_object_or_404(visible_users(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: users.remove_user(actor=actor_of(request), user=person))
        if done:
            messages.success(request, done)
            return redirect("users")
    return render(request, "center/users/remove.html", {"person": person, "form": form})


@sensitive_post_parameters("password")
@only_for(Role.OPERATOR, Role.RESELLER, himself=True)
def password(request: Request, pk: int) -> HttpResponse:
    """A new password for somebody else; one's own is changed in the profile, where the present one is asked for."""
    person = get_object_or_404(visible_users(scope_for(request)), pk=pk)
    if person == request.user:
        return redirect("profile")
    form = SetPasswordForm(request.POST or None)
    if request.method == "POST":

        def deed(values: dict[str, Any]) -> User:
            return set_password(actor=actor_of(request), user=person, password=values["password"])

        if form.run(deed):
            if form.made_password:
                return render(
                    request, "center/users/made.html", {"person": person, "secret": form.made_password, "new": False}
                )
            messages.success(request, _("The new password is set."))
            return redirect("user", pk)
    return render(request, "center/users/password.html", {"person": person, "form": form})


@only_for(Role.OPERATOR, Role.RESELLER, himself=True)
def reset_second_factor(request: Request, pk: int) -> HttpResponse:
    """Asks, then takes app, passkeys and recovery codes from somebody who has lost them."""
    person = get_object_or_404(visible_users(scope_for(request)), pk=pk)
    return reset_of(request, person, reverse("user", args=[pk]))
