"""Am I locked out? Which services refuse logins from the visitor's own address, since when, until when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mailcenter.actions.guard_client import GuardError
from mailcenter.actions.lockouts import lockouts_of
from mailcenter.center.web.client import client_address
from mailcenter.center.web.public import public
from mailcenter.directory.models import LoginService


@dataclass(frozen=True)
class Shown:
    """One lockout as the page tells it."""

    name: str
    since: datetime
    until: datetime


@never_cache
@public
def show(request: HttpRequest) -> HttpResponse:
    """Of the visitor's own address only, and without the names of accounts."""
    address = client_address(request)
    now = datetime.now(UTC)
    try:
        found = lockouts_of(address)
    except (GuardError, ValueError):  # no answer, or no address: say that it cannot be told
        return render(request, "center/locked.html", {"address": address, "unknown": True}, status=503)
    shown = [
        Shown(
            str(LoginService(one["service"]).label),
            datetime.fromtimestamp(one["since"], UTC),
            now + timedelta(seconds=one["left"]),
        )
        for one in found
    ]
    return render(request, "center/locked.html", {"address": address, "lockouts": shown})
