"""Forms about mailboxes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.passwords import PasswordChoiceMixin
from mailcenter.directory.models import Domain, Mailbox

GIGABYTE = 2**30


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name of the owner"),
        required=False,
        max_length=200,
        help_text=_("Shown in lists; for example Erika Muster."),
    )


def _quota_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Room for mail in gigabytes"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(2**20),
        decimal_places=3,
        help_text=_("Empty: unlimited."),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


def _to_bytes(gigabytes: Decimal | None) -> int:
    return int((gigabytes or 0) * GIGABYTE)


def to_gigabytes(quota_bytes: int) -> Decimal | None:
    """Without needless zeros and never with an exponent; None for unlimited."""
    gigabytes = (Decimal(quota_bytes) / GIGABYTE).quantize(Decimal("0.001")).normalize()
    return Decimal(f"{gigabytes:f}") if quota_bytes else None


class DomainChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at run time
    """The part behind the @ sign."""

    def label_from_instance(self, obj: Any) -> str:
        return f"@{obj.unicode_name}"


class AddressForm(Form):
    """The two parts of a new address."""

    error_fields: ClassVar[dict[str, str]] = {"address": "local_part", "quota_bytes": "quota"}

    local_part = forms.CharField(
        label=_("Address: the part before the @ sign"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    domain = DomainChoice(queryset=Domain.objects.none(), label=_("Domain"), empty_label=_("Please choose"))

    def __init__(self, *args: Any, domains: QuerySet[Domain], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["domain"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = domains
            only = list(domains[:2])
            if len(only) == 1 and not self.initial.get("domain"):
                self.initial["domain"] = only[0].pk

    def clean(self) -> dict[str, Any]:
        """The two parts as one address."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        domain, local_part = values.pop("domain", None), values.pop("local_part", "")
        if domain:
            values["address"] = f"{local_part}@{domain.name}"
        return values


class AddMailboxForm(PasswordChoiceMixin, AddressForm):
    """A new mailbox with its owner's password."""

    display_name = _name_field()
    quota = _quota_field()
    field_order = ("local_part", "domain", "display_name", "password_choice", "password", "quota")

    def clean(self) -> dict[str, Any]:
        """The room in bytes."""
        values = super().clean()
        values["quota_bytes"] = _to_bytes(values.pop("quota", None))
        return values


class ChangeMailboxForm(Form):
    """What may change of a mailbox: not its address."""

    error_fields: ClassVar[dict[str, str]] = {"quota_bytes": "quota"}

    display_name = _name_field()
    quota = _quota_field()
    is_active = forms.BooleanField(
        label=_("The mailbox is active"),
        required=False,
        help_text=_("Switched off, it takes no mail and nobody can sign in to it; its mail is kept."),
    )

    def __init__(self, *args: Any, mailbox: Mailbox, **kwargs: Any) -> None:
        values = {
            "display_name": mailbox.display_name,
            "quota": to_gigabytes(mailbox.quota_bytes),
            "is_active": mailbox.is_active,
        }
        super().__init__(*args, initial=values, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The room in bytes, where it was changed: one that is no round number must not be rounded by the way."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        gigabytes = values.pop("quota", None)
        if "quota" in self.changed_data:
            values["quota_bytes"] = _to_bytes(gigabytes)
        return values
