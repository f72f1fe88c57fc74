"""Sign-ins: who came from where with what, and which device fails. All see their own, the platform's people all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mailcenter.actions import ActionError
from mailcenter.actions.lockouts import Lockout, is_provider, lockouts
from mailcenter.center.web.access import EVERYONE, Request, actor_of, only_for, scope_for
from mailcenter.center.web.lists import paged, search_text
from mailcenter.directory.models import LoginRecord, LoginResult, LoginService
from mailcenter.directory.scope import visible_logins

FAILING: Final = (LoginResult.OLD_PASSWORD, LoginResult.WRONG_PASSWORD, LoginResult.REFUSED)
_RECENT: Final = timedelta(days=1)
_MOST_DEVICES: Final = 10


@only_for(*EVERYONE)
def index(request: Request) -> HttpResponse:
    """The latest first, searched by login, address or program; above it what fails or is locked of one's own."""
    text = search_text(request)
    rows = visible_logins(scope_for(request)).order_by("-last_at", "-pk")
    own = rows.filter(user=request.user)
    provider = is_provider(actor_of(request))
    context = {
        "page": paged(request, _matching(rows, text)),
        "text": text,
        "everybody": provider,
        "devices": _devices(own),
        "lockouts": [] if provider else _lockouts(request, own),
    }
    return render(request, "center/logins/list.html", context)


def _matching(rows: QuerySet[LoginRecord], text: str) -> QuerySet[LoginRecord]:
    if not text:
        return rows
    return rows.filter(
        Q(user__login__icontains=text)
        | Q(address__icontains=text)
        | Q(network__icontains=text)
        | Q(program__icontains=text)
        | Q(result=text)
        | Q(service=text)
    )


def _devices(own: QuerySet[LoginRecord]) -> list[dict[str, Any]]:
    """One's own devices that failed lately, with their service's and reason's names."""
    failed = own.filter(result__in=FAILING, last_at__gt=timezone.now() - _RECENT).order_by()
    found = failed.values("service", "address", "network", "program", "result").annotate(
        tries=Sum("times"), last=Max("last_at")
    )
    return [
        {**row, "service_name": LoginService(row["service"]).label, "reason": LoginResult(row["result"]).label}
        for row in found.order_by("-last")[:_MOST_DEVICES]
    ]


def _lockouts(request: Request, own: QuerySet[LoginRecord]) -> list[dict[str, Any]]:
    """Lockouts of one's own networks, each with the devices that led to it."""
    try:
        found = lockouts(actor_of(request))
    except ActionError:
        return []  # the health page of the operators tells that the guard is away
    devices = _devices(own)
    return [
        {"lockout": lockout, "name": LoginService(lockout.service).label, "devices": _at_fault(devices, lockout)}
        for lockout in found
    ]


def _at_fault(devices: list[dict[str, Any]], lockout: Lockout) -> list[dict[str, Any]]:
    return [row for row in devices if (row["service"], row["network"]) == (lockout.service, lockout.network)]
