"""Forms about people and their roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.passwords import PasswordChoiceMixin
from mailcenter.directory.models import Domain, Organisation, Role, User
from mailcenter.directory.models.user import PLATFORM_ROLES

ROLES = [
    (Role.OPERATOR, _("Operator: may do everything on this platform")),
    (Role.SUPPORT, _("Support: sees everything, changes nothing")),
    (Role.RESELLER, _("Reseller: manages an organisation and its customers")),
    (Role.DOMAIN_ADMIN, _("Domain administrator: manages domains of one organisation")),
]


class Domains(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # not generic at run time
    """Some domains of an organisation."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Domain.objects.none(),
            label=_("Only these domains"),
            required=False,
            help_text=_(
                "For somebody who is to manage some domains only. None chosen: all domains of the organisation."
            ),
            widget=forms.SelectMultiple(attrs={"size": 6}),
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unicode_name} ({obj.organisation.name})"


def _limit(field: forms.Field, rows: QuerySet[Any]) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


class AddUserForm(PasswordChoiceMixin):
    """A new person."""

    login = forms.CharField(
        label=_("Login"),
        max_length=320,
        help_text=_("A mail address, or a short name in lower case."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    display_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial=Role.DOMAIN_ADMIN)
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Organisation"),
        required=False,
        empty_label=_("None"),
        help_text=_("For resellers and domain administrators. Operators and support belong to none."),
    )
    domains = Domains()
    field_order = ("login", "display_name", "role", "organisation", "domains", "password_choice", "password")

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        domains: QuerySet[Domain],
        role: str = Role.OPERATOR,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["role"]
        if role not in PLATFORM_ROLES and isinstance(roles, forms.ChoiceField):
            roles.choices = [choice for choice in ROLES if choice[0] not in PLATFORM_ROLES]
        _limit(self.fields["organisation"], organisations)
        _limit(self.fields["domains"], domains)

    def clean(self) -> dict[str, Any]:
        """What the chosen role makes superfluous is hidden on the screen, and so not meant."""
        values = super().clean()
        if values.get("role") in PLATFORM_ROLES:
            values["organisation"] = None
        if values.get("role") != Role.DOMAIN_ADMIN:
            values["domains"] = ()
        return values


class ChangeUserForm(Form):
    """What may change of a person: not the login, and not the role."""

    display_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    domains = Domains()
    is_active = forms.BooleanField(label=_("May sign in"), required=False)

    def __init__(self, *args: Any, person: User, oneself: bool, domains: QuerySet[Domain], **kwargs: Any) -> None:
        values = {
            "display_name": person.display_name,
            "is_active": person.is_active,
            "domains": list(person.domains.all()),
        }
        super().__init__(*args, initial=values, **kwargs)
        _limit(self.fields["domains"], domains.filter(organisation=person.organisation))
        if person.role != Role.DOMAIN_ADMIN or oneself:
            del self.fields["domains"]
        if oneself:
            del self.fields["is_active"]
