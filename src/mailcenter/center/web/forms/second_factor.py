"""Forms about one's own second factors; the password is asked for where it was not shown lately."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions.logins import guarded
from mailcenter.actions.passwords import LONGEST
from mailcenter.center.web.client import client_address
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.proof import note_proof, proved_lately
from mailcenter.center.web.second_step import locked_words
from mailcenter.directory.models import User


class OwnerForm(Form):
    """What only the owner may do, not somebody who finds his screen open."""

    current_password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(request.POST if request.method == "POST" else None, **kwargs)
        self._request, self._user = request, user
        if proved_lately(request):
            del self.fields["current_password"]

    def clean_current_password(self) -> str:
        """Guesses are counted as at the login."""
        password: str = self.cleaned_data["current_password"]
        attempt = guarded(self._user.login, password, client_address(self._request))
        if seconds := attempt.seconds_locked():
            raise forms.ValidationError(locked_words(seconds))
        right = self._user.check_password(password)
        attempt.report(success=right)
        if not right:
            raise forms.ValidationError(gettext("This is not your current password."))
        note_proof(self._request)
        return password


class AppForm(OwnerForm):
    """The first code of an authenticator app proves that it has the secret."""

    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    field_order = ("code", "current_password")


class PasskeyForm(OwnerForm):
    """The browser's answer, put in by passkey.js."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("So that you know it later: the device or the key it is on.")
    )
    passkey = forms.JSONField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "current_password")
