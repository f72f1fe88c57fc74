"""Forms about domains."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.password_policy import deadline_field, minimum_field
from mailcenter.directory.models import Domain, Organisation


class AddDomainForm(Form):
    """Whose, and which."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Organisation"), empty_label=_("Please choose")
    )
    name = forms.CharField(
        label=_("Domain name"),
        max_length=253,
        help_text=_("For example firma.example. Umlauts are allowed."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations


class ChangeDomainForm(Form):
    """Switch it off, or catch what is addressed to nobody."""

    is_active = forms.BooleanField(
        label=_("The domain takes mail"),
        required=False,
        help_text=_("Switched off, mail to all its addresses is refused; nothing is deleted."),
    )
    catch_all = forms.CharField(
        label=_("Catch-all address"),
        required=False,
        max_length=320,
        help_text=_(
            "Gets the mail to addresses of this domain that do not exist. Empty: such mail is refused, "
            "which is better against spam."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    app_passwords_only = forms.BooleanField(
        label=_("Mail programs need app passwords"),
        required=False,
        help_text=_("People's own passwords then open this control center only. Whoever is signed in is signed out."),
    )
    password_minimum = minimum_field(_("As the platform says"))
    password_deadline = deadline_field()


class RemoveDomainForm(Form):
    """The name typed once more; and the mailboxes, if it has any."""

    with_mailboxes = forms.BooleanField(required=False)
    name = forms.CharField(
        label=_("Type the domain name to confirm"),
        max_length=253,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, domain: Domain, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._domain = domain
        count = domain.mailboxes.count()
        if count:
            self.fields["with_mailboxes"].label = ngettext(
                "Remove its %(count)d mailbox as well", "Remove its %(count)d mailboxes as well", count
            ) % {"count": count}
        else:
            del self.fields["with_mailboxes"]

    def clean_name(self) -> str:
        """Must be the domain's name, in either spelling."""
        name: str = self.cleaned_data["name"]
        if name.strip().lower() not in (self._domain.name, self._domain.unicode_name):
            raise forms.ValidationError(gettext("This is not the name of this domain."))
        return name
