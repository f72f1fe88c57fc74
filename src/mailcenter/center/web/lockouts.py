"""Lockouts: the platform's people see, lift and extend all, everybody lifts those of his own networks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from mailcenter.actions import ActionError
from mailcenter.actions.lockouts import is_provider, lift_lockout, lock_out, lockouts
from mailcenter.center.web.access import EVERYONE, PLATFORM, Request, actor_of, only_for
from mailcenter.center.web.bans import DURATIONS
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import search_text
from mailcenter.directory.models import LoginService

TEN_MINUTES = (str(600), _("Ten minutes"))


class LiftForm(Form):
    """Which lockout."""

    service = forms.ChoiceField(label=_("Service"), choices=LoginService.choices)
    client = forms.CharField(
        label=_("Address"),
        max_length=100,
        help_text=_("An IPv4 address, or any address of an IPv6 /64."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class LockForm(LiftForm):
    """Which lockout, and for how long from now on."""

    seconds = forms.TypedChoiceField(label=_("For how long"), choices=[TEN_MINUTES, *DURATIONS], coerce=int)


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """Those in force; searched by network or service."""
    text, missing = search_text(request), False
    try:
        found = lockouts(actor_of(request))
    except ActionError:
        found, missing = [], True
    rows = [
        {"lockout": lockout, "name": LoginService(lockout.service).label}
        for lockout in found
        if text.lower() in f"{lockout.network} {lockout.service}"
    ]
    context = {"rows": rows, "text": text, "missing": missing}
    return render(request, "center/logins/lockouts.html", context)


@only_for(*EVERYONE)
def lift(request: Request) -> HttpResponse:
    """Asks, then lifts."""
    form = LiftForm(request.POST or None, initial=_named(request))
    if request.method == "POST":
        done = form.run(lambda values: lift_lockout(actor=actor_of(request), **values))
        if done:
            messages.success(request, done)
            return redirect("lockouts" if is_provider(actor_of(request)) else "logins")
    return render(request, "center/logins/lift.html", {"form": form})


@only_for(*PLATFORM)
def lock(request: Request) -> HttpResponse:
    """A lockout by hand, or a longer one."""
    form = LockForm(request.POST or None, initial=_named(request))
    if request.method == "POST":
        done = form.run(lambda values: lock_out(actor=actor_of(request), **values))
        if done:
            messages.success(request, done)
            return redirect("lockouts")
    return render(request, "center/logins/lock.html", {"form": form})


def _named(request: HttpRequest) -> dict[str, Any]:
    return {name: request.GET.get(name, "")[:100] for name in ("service", "client")}
