"""API keys: for programs that act in one's name. A key is shown once, when it is made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mailcenter.actions import api_keys
from mailcenter.center.web.access import EVERYONE, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import paged
from mailcenter.center.web.scope_labels import SCOPE_LABELS
from mailcenter.directory.models import Role, User
from mailcenter.directory.scope import visible_api_keys

DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")), ("", _("No end"))]
OF_MAILBOX_OWNER = (
    "mailboxes:read",
    "mailboxes:write",
    "users:read",
    "users:write",
    "ledger:read",
    "lists:read",
    "lists:write",
    "audit:read",
)


class ApiKeyForm(Form):
    """Name, rights, end."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What the key is for, so that you know it later.")
    )
    scopes = forms.MultipleChoiceField(label=_("The key may"), widget=forms.CheckboxSelectMultiple)
    networks = forms.CharField(
        label=_("Only from these networks"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One address or network a line, 203.0.113.0/24 for instance. Empty: from everywhere."),
    )
    days = forms.ChoiceField(label=_("Valid for"), choices=DAYS, required=False, initial="365")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = OF_MAILBOX_OWNER if user.role == Role.MAILBOX else api_keys.SCOPES
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(scope, SCOPE_LABELS[scope]) for scope in api_keys.SCOPES if scope in offered]

    def clean(self) -> dict[str, Any]:
        """The end as a moment."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        days = values.pop("days", "")
        values["networks"] = values.get("networks", "").replace(",", " ").split()
        values["expires_at"] = timezone.now() + timedelta(days=int(days)) if days else None
        return values


@only_for(*EVERYONE)
def index(request: Request) -> HttpResponse:
    """One's own keys; operators and support see everybody's."""
    keys = visible_api_keys(scope_for(request))
    return render(
        request,
        "center/api_keys/list.html",
        {"page": paged(request, keys), "now": timezone.now()},
    )


@only_for(*EVERYONE, himself=True)
def add(request: Request) -> HttpResponse:
    """A new key of one's own; the answer shows it, and nothing ever again."""
    form = ApiKeyForm(request.POST or None, user=request.user)
    if request.method == "POST":
        made = form.run(lambda values: api_keys.create_api_key(actor=actor_of(request), user=request.user, **values))
        if made:
            key, token = made
            return render(request, "center/api_keys/made.html", {"key": key, "secret": token})
    return render(request, "center/api_keys/add.html", {"form": form})


@only_for(*EVERYONE, himself=True)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then ends the key at once."""
    key = get_object_or_404(visible_api_keys(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: api_keys.remove_api_key(actor=actor_of(request), api_key=key))
        if done:
            messages.success(request, done)
            return redirect("api-keys")
    return render(request, "center/api_keys/remove.html", {"key": key, "form": form})
