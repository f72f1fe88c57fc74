"""How strong passwords must be, and until when weaker ones work: of the platform, and of a domain."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.forms.base import Form

STRENGTHS: Final[tuple[Promise | str, ...]] = (
    _("Any"),
    _("Not guessed at once"),
    _("Hard to guess by trying"),
    _("Hard to guess for experts"),
    _("Hardly to be guessed"),
)
"""By their number, from 0 to 4."""


def minimum_field(unset: Promise | str) -> forms.TypedChoiceField:
    """`unset`: whose word holds where nothing is chosen."""
    return forms.TypedChoiceField(
        label=_("Strength of passwords"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", unset), *((str(number), words) for number, words in enumerate(STRENGTHS))],
    )


def deadline_field() -> forms.DateField:
    """A day, or none."""
    return forms.DateField(
        label=_("Last day of weaker passwords"),
        required=False,
        help_text=_(
            "Their owners are told by mail. After this day they choose another one before anything else works."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class PasswordPolicyForm(Form):
    """The platform's; an empty field is as the configuration says."""

    password_minimum = minimum_field(_("As configured"))
    password_deadline = deadline_field()
