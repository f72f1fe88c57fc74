"""One's own account: name, language, password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from mailcenter.actions import users
from mailcenter.actions.passwords import set_password
from mailcenter.center.web.access import EVERYONE, Request, actor_of, only_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.passwords import OwnPasswordForm
from mailcenter.directory.models import User


class ProfileForm(Form):
    """Name and language."""

    display_name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("As the browser asks for")), ("de", "Deutsch"), ("en", "English")],
        help_text=gettext_lazy("For these pages and for messages to you."),
    )


@only_for(*EVERYONE)
def show(request: Request) -> HttpResponse:
    """Name and language."""
    form = ProfileForm(
        request.POST or None, initial={"display_name": request.user.display_name, "language": request.user.language}
    )
    if request.method == "POST":

        def change(values: dict[str, Any]) -> User:
            return users.change_user(actor=actor_of(request), user=request.user, **values)

        changed = form.run(change)
        if changed:
            with translation.override(changed.language or translation.get_language()):
                messages.success(request, _("The changes are saved."))
            return redirect("profile")
    return render(request, "center/profile/show.html", {"form": form})


@sensitive_post_parameters()
@only_for(*EVERYONE, himself=True)
def password(request: Request) -> HttpResponse:
    """A new password of one's own; other sessions of this login end, this one goes on."""
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST":

        def deed(values: dict[str, Any]) -> User:
            return set_password(
                actor=actor_of(request),
                user=request.user,
                password=values["password"],
                current_password=values["current_password"],
            )

        changed = form.run(deed)
        if changed:
            update_session_auth_hash(request, changed)
            messages.success(request, _("Your new password is set. Your mail programs need it from now on, too."))
            return redirect("profile")
    return render(request, "center/profile/password.html", {"form": form})
