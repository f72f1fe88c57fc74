"""A password: made by us and shown once, or chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions.passwords import LONGEST, SHORTEST, generate_password
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.texts import lazy_format

MADE, OWN = "made", "own"


def new_password_field(label: Any, *, required: bool = True) -> forms.CharField:
    """A field for a password that is being set."""
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=LONGEST,
        help_text=lazy_format(
            _("At least %(least)d characters. Three or four random words are easy to type and hard to guess."),
            least=SHORTEST,
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PasswordChoiceMixin(Form):
    """The two fields that give somebody else a password."""

    password_choice = forms.ChoiceField(
        label=_("Password"),
        choices=[(MADE, _("Make a strong password and show it once")), (OWN, _("I choose the password myself"))],
        initial=MADE,
        widget=forms.RadioSelect,
    )
    password = new_password_field(_("Chosen password"), required=False)

    def clean(self) -> dict[str, Any]:
        """A made password takes the place of an empty one."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        choice = values.pop("password_choice", MADE)
        if choice == MADE:
            values["password"] = generate_password()
        elif not values.get("password") and "password" not in self.errors:
            self.add_error("password", gettext("Please type the password."))
        self.made_password = values.get("password", "") if choice == MADE else ""
        return values


class SetPasswordForm(PasswordChoiceMixin):
    """A new password for somebody."""


class OwnPasswordForm(Form):
    """One's own password; the present one must be known."""

    current_password = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = new_password_field(_("New password"))
    repeated = forms.CharField(
        label=_("New password once more"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_repeated(self) -> str:
        """Both must be the same, for nobody sees what he types."""
        repeated: str = self.cleaned_data["repeated"]
        if repeated != self.cleaned_data.get("password", repeated):
            raise forms.ValidationError(gettext("The two new passwords are not the same."))
        return repeated
