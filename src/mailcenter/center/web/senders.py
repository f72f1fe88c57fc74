"""Lists of allowed and refused senders: each owner's own, those of a domain, and the platform's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions import senders
from mailcenter.center.web.access import EVERYONE, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import paged, search_text
from mailcenter.directory.models import Domain, Mailbox, Role, SenderAction, SenderEntry
from mailcenter.directory.scope import Scope, visible_domains, visible_mailboxes, visible_sender_entries

PLATFORM_PLACE = "platform"
MOST_DOMAINS = 500
"""Domains offered in the choice; beyond them the REST API and the command line help."""


class ChangeSenderForm(Form):
    """What becomes of the mail, and why."""

    action = forms.ChoiceField(
        label=_("Mail from there"), choices=SenderAction.choices, widget=forms.RadioSelect, initial="allow"
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Why it is on the list."))


class AddSenderForm(ChangeSenderForm):
    """A sender, and whose list; a mailbox owner has one list only."""

    sender = forms.CharField(
        label=_("Sender"),
        max_length=330,
        help_text=_("An address, a domain, or *.domain for its subdomains as well."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    place = forms.ChoiceField(label=_("On the list of"))
    field_order = ("sender", "action", "place", "note")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        if isinstance(field, forms.ChoiceField):
            field.choices = places
        if len(places) == 1:
            field.widget = forms.HiddenInput()
            self.initial["place"] = places[0][0]


def _places(request: Request) -> dict[str, Domain | Mailbox | None]:
    """Whose lists this user may write to here, by key; only what he sees is among them."""
    scope = scope_for(request)
    if request.user.role == Role.MAILBOX:
        return {f"mailbox-{box.pk}": box for box in visible_mailboxes(scope)[:1]}
    places: dict[str, Domain | Mailbox | None] = {PLATFORM_PLACE: None} if request.user.role == Role.OPERATOR else {}
    places |= {f"domain-{domain.pk}": domain for domain in visible_domains(scope)[:MOST_DOMAINS]}
    named = request.GET.get("mailbox", "")
    if named.isdecimal() and (box := visible_mailboxes(scope).filter(pk=int(named[:18])).first()):
        return {f"mailbox-{box.pk}": box, **places}  # come from this mailbox's page: it stands first
    return places


def _rows(scope: Scope, text: str) -> QuerySet[SenderEntry]:
    rows = visible_sender_entries(scope)
    if text:
        rows = rows.filter(pattern__icontains=text.lstrip("*.@")) | rows.filter(note__icontains=text)
    return rows


@only_for(*EVERYONE)
def index(request: Request) -> HttpResponse:
    """All entries one may see."""
    text = search_text(request)
    rows = _rows(scope_for(request), text)
    return render(request, "center/senders/list.html", {"page": paged(request, rows), "text": text})


@only_for(*(role for role in EVERYONE if role != Role.SUPPORT))
def add(request: Request) -> HttpResponse:
    """An entry more."""
    places = _places(request)
    names = [
        (key, gettext("the whole platform") if place is None else getattr(place, "unicode_address", str(place)))
        for key, place in places.items()
    ]
    form = AddSenderForm(request.POST or None, places=names)
    if request.method == "POST":

        def create(values: dict[str, Any]) -> SenderEntry:
            place = places[values.pop("place")]
            return senders.create_sender(actor=actor_of(request), place=place, **values)

        made = form.run(create)
        if made:
            messages.success(request, gettext("%(sender)s is on the list.") % {"sender": senders.written(made)})
            from_mailbox = "mailbox" in request.GET and made.mailbox_id is not None
            return redirect("mailbox", made.mailbox_id) if from_mailbox else redirect("senders")
    return render(request, "center/senders/add.html", {"form": form, "any_place": bool(places)})


@only_for(*EVERYONE)
def show(request: Request, pk: int) -> HttpResponse:
    """One entry; the form changes it."""
    entry = get_object_or_404(visible_sender_entries(scope_for(request)), pk=pk)
    form = ChangeSenderForm(request.POST or None, initial={"action": entry.action, "note": entry.note})
    if request.method == "POST":

        def change(values: dict[str, Any]) -> SenderEntry:
            return senders.change_sender(actor=actor_of(request), entry=entry, **values)

        if form.run(change):
            messages.success(request, gettext("The changes are saved. The gate follows at once."))
            return redirect("senders")
    return render(request, "center/senders/show.html", {"entry": entry, "name": senders.written(entry), "form": form})


@only_for(*EVERYONE)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then takes it off the list."""
    entry = get_object_or_404(visible_sender_entries(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: senders.remove_sender(actor=actor_of(request), entry=entry))
        if done:
            messages.success(request, done)
            return redirect("senders")
    return render(request, "center/senders/remove.html", {"entry": entry, "name": senders.written(entry), "form": form})
