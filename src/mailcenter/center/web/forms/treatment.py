"""How suspicious mail is treated, for a domain or a mailbox; what is left empty the domain or platform says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mailcenter.actions.treatment import HIGHEST_SCORE
from mailcenter.center.web.forms.base import Form
from mailcenter.directory.models import Domain, EncryptedArchives, Mailbox, SpamAction

INHERITED = ("", _("As the domain or the platform says"))
_YES_NO = {"yes": True, "no": False}


def _score(label: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        max_value=HIGHEST_SCORE,
        help_text=_("Empty: as the domain or the platform says."),
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )


class TreatmentForm(Form):
    """For a mailbox."""

    junk_score = _score(_("Score from which a mail is suspicious"))
    refuse_score = _score(_("Score from which a mail is refused"))
    spam_action = forms.ChoiceField(
        label=_("Suspicious mail"), required=False, choices=[INHERITED, *SpamAction.choices]
    )
    spam_forward_to = forms.CharField(
        label=_("Forward suspicious mail to"),
        required=False,
        max_length=320,
        help_text=_("Only where suspicious mail is forwarded."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    notices = forms.ChoiceField(
        label=_("Notices about refused viruses and attachments"),
        required=False,
        choices=[INHERITED, ("yes", _("Yes")), ("no", _("No"))],
    )

    def __init__(self, *args: Any, place: Domain | Mailbox, **kwargs: Any) -> None:
        notices = {True: "yes", False: "no", None: ""}[place.notices]
        values = {
            "junk_score": None if place.junk_score is None else float(place.junk_score),
            "refuse_score": None if place.refuse_score is None else float(place.refuse_score),
            "spam_action": place.spam_action or "",
            "spam_forward_to": place.spam_forward_to or "",
            "notices": notices,
        }
        super().__init__(*args, initial={**values, **kwargs.pop("initial", {})}, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Empty is None: as set above."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["notices"] = _YES_NO.get(values.get("notices", ""))
        values["spam_action"] = values.get("spam_action") or None
        values["spam_forward_to"] = values.get("spam_forward_to") or None
        return values


class DomainTreatmentForm(TreatmentForm):
    """For a domain: which attachments it refuses, too."""

    encrypted_archives = forms.ChoiceField(
        label=_("Encrypted archives"), required=False, choices=[INHERITED, *EncryptedArchives.choices]
    )
    blocked_extensions = forms.CharField(
        label=_("Refused file name extensions"),
        required=False,
        max_length=10000,
        help_text=_("Separated by blanks, such as exe scr vbs. Empty: the platform's list."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, place: Domain, **kwargs: Any) -> None:
        values = {
            "encrypted_archives": place.encrypted_archives or "",
            "blocked_extensions": " ".join(place.blocked_extensions or ()),
        }
        super().__init__(*args, place=place, initial=values, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The list as a list."""
        values = super().clean()
        values["encrypted_archives"] = values.get("encrypted_archives") or None
        values["blocked_extensions"] = (values.get("blocked_extensions") or "").replace(",", " ").split() or None
        return values
