"""The operators' list of client networks: always let through, or always refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions import networks
from mailcenter.center.web.access import PLATFORM, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import paged, search_text
from mailcenter.directory.models import NetworkAction, NetworkEntry, Role
from mailcenter.directory.scope import visible_network_entries


class ChangeNetworkForm(Form):
    """What becomes of its connections, and why."""

    action = forms.ChoiceField(
        label=_("Connections from there"), choices=NetworkAction.choices, widget=forms.RadioSelect, initial="allow"
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Why it is on the list."))


class AddNetworkForm(ChangeNetworkForm):
    """A network, too."""

    network = forms.CharField(
        label=_("Network"),
        max_length=100,
        help_text=_("An address, or a network such as 192.0.2.0/24."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    field_order = ("network", "action", "note")


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """All networks on the list."""
    rows, text = visible_network_entries(scope_for(request)), search_text(request)
    if text:
        rows = rows.filter(network__icontains=text) | rows.filter(note__icontains=text)
    return render(request, "center/gate/networks.html", {"page": paged(request, rows), "text": text})


@only_for(Role.OPERATOR)
def add(request: Request) -> HttpResponse:
    """A network more."""
    form = AddNetworkForm(request.POST or None)
    if request.method == "POST":
        made = form.run(lambda values: networks.create_network(actor=actor_of(request), **values))
        if made:
            messages.success(request, gettext("%(network)s is on the list.") % {"network": made.network})
            return redirect("networks")
    return render(request, "center/gate/network_add.html", {"form": form})


@only_for(*PLATFORM)
def show(request: Request, pk: int) -> HttpResponse:
    """One network; the form changes it."""
    entry = get_object_or_404(visible_network_entries(scope_for(request)), pk=pk)
    form = ChangeNetworkForm(request.POST or None, initial={"action": entry.action, "note": entry.note})
    if request.method == "POST":

        def change(values: dict[str, Any]) -> NetworkEntry:
            return networks.change_network(actor=actor_of(request), entry=entry, **values)

        if form.run(change):
            messages.success(request, gettext("The changes are saved. The gate follows at once."))
            return redirect("networks")
    return render(request, "center/gate/network.html", {"entry": entry, "form": form})


@only_for(Role.OPERATOR)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then takes it off the list."""
    entry = get_object_or_404(visible_network_entries(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: networks.remove_network(actor=actor_of(request), entry=entry))
        if done:
            messages.success(request, done)
            return redirect("networks")
    return render(request, "center/gate/network_remove.html", {"entry": entry, "form": form})
