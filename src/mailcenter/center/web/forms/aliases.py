"""Forms about aliases."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.mailboxes import AddressForm
from mailcenter.directory.models import Alias

LONGEST_LIST = 40_000
"""Characters: more than a hundred of the longest addresses."""


class Addresses(forms.CharField):
    """Addresses, one per line or with commas between them, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_LIST,
            widget=forms.Textarea(attrs={"rows": 4, "autocapitalize": "none", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        return [part for part in re.split(r"[\s,;]+", super().clean(value)) if part]


def _destinations_field() -> Addresses:
    return Addresses(label=_("Deliver to"), help_text=_("One address per line, here or elsewhere. Each gets a copy."))


class AddAliasForm(AddressForm):
    """A new alias."""

    destinations = _destinations_field()


class ChangeAliasForm(Form):
    """What may change of an alias: not its address."""

    destinations = _destinations_field()
    is_active = forms.BooleanField(
        label=_("The alias is active"), required=False, help_text=_("Switched off, mail to it is refused.")
    )

    def __init__(self, *args: Any, alias: Alias, **kwargs: Any) -> None:
        lines = "\n".join(item.address for item in alias.destinations.all())
        super().__init__(*args, initial={"destinations": lines, "is_active": alias.is_active}, **kwargs)
