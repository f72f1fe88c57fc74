"""Client networks that are shut out for a while: listed, banned by hand, lifted before their time."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions import bans
from mailcenter.center.web.access import PLATFORM, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import paged
from mailcenter.directory.models import Role
from mailcenter.directory.scope import visible_bans

HOUR: Final = 3600
DURATIONS = [
    (str(HOUR), _("One hour")),
    (str(24 * HOUR), _("One day")),
    (str(7 * 24 * HOUR), _("One week")),
    (str(30 * 24 * HOUR), _("30 days")),
]


class BanForm(Form):
    """Whom, for how long, and why."""

    network = forms.CharField(
        label=_("Network"),
        max_length=100,
        help_text=_("An address, or a network such as 192.0.2.0/24."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    seconds = forms.TypedChoiceField(label=_("For how long"), choices=DURATIONS, coerce=int)
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Why it is banned."))


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """Bans in force, the newest first; with `all` those that are over, too."""
    rows, everything = visible_bans(scope_for(request)).order_by("-started_at", "-pk"), "all" in request.GET
    if not everything:
        rows = rows.filter(ended_at=None, ends_at__gt=timezone.now())
    context = {"page": paged(request, rows), "everything": everything, "now": timezone.now()}
    return render(request, "center/gate/bans.html", context)


@only_for(Role.OPERATOR)
def add(request: Request) -> HttpResponse:
    """A ban by hand."""
    form = BanForm(request.POST or None)
    if request.method == "POST":

        def deed(values: dict[str, Any]) -> Any:
            return bans.add_ban(actor=actor_of(request), **values)

        made = form.run(deed)
        if made:
            messages.success(request, gettext("%(network)s is banned.") % {"network": made.network})
            return redirect("bans")
    return render(request, "center/gate/ban_add.html", {"form": form})


@only_for(Role.OPERATOR)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then lifts the ban."""
    ban = get_object_or_404(visible_bans(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: bans.lift_ban(actor=actor_of(request), ban=ban))
        if done:
            messages.success(request, done)
            return redirect("bans")
    return render(request, "center/gate/ban_remove.html", {"ban": ban, "form": form})
