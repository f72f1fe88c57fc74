"""Forms about organisations: name and limits."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mailcenter.actions.values import LARGEST_NUMBER
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.mailboxes import GIGABYTE, to_gigabytes
from mailcenter.directory.models import Organisation

_number = partial(
    forms.IntegerField,
    required=False,
    min_value=0,
    max_value=LARGEST_NUMBER,
    help_text=_("Empty: no limit."),
    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
)


class OrganisationForm(Form):
    """A customer's name and limits."""

    error_fields: ClassVar[dict[str, str]] = {"most_bytes": "storage"}

    name = forms.CharField(label=_("Name"), max_length=200)
    most_domains = _number(label=_("Domains at the most"))
    most_mailboxes = _number(label=_("Mailboxes at the most"))
    most_aliases = _number(label=_("Aliases at the most"))
    storage = forms.DecimalField(
        label=_("Storage in gigabytes"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(2**20),
        decimal_places=3,
        help_text=_("Empty: no limit. With a limit each new mailbox needs a quota."),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )

    def clean(self) -> dict[str, Any]:
        """Storage in bytes."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        storage = values.pop("storage", None)
        values["most_bytes"] = None if storage is None else int(storage * GIGABYTE)
        return values


def initial_of(organisation: Organisation) -> dict[str, Any]:
    """What the form begins with."""
    storage = organisation.most_bytes
    return {
        "name": organisation.name,
        "most_domains": organisation.most_domains,
        "most_mailboxes": organisation.most_mailboxes,
        "most_aliases": organisation.most_aliases,
        "storage": None if storage is None else to_gigabytes(storage) or Decimal(0),
    }
