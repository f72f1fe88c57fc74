"""The health of the platform: every program with its state, as the program `watch` last saw it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mailcenter.center.web.access import PLATFORM, Request, only_for

STALE = timedelta(seconds=30)
"""`watch` writes every few seconds; what is older tells nothing."""


@dataclass(frozen=True)
class Part:
    """One program. `detail` and `remedy` are the words of its engine, in English."""

    name: str
    ok: bool
    state: str
    detail: str
    remedy: str


@dataclass(frozen=True)
class Status:
    """All programs at one moment; `known` is False when nobody has looked lately."""

    at: datetime | None
    parts: tuple[Part, ...]
    known: bool

    @property
    def broken(self) -> tuple[Part, ...]:
        """Those that do not serve."""
        return tuple(part for part in self.parts if not part.ok)

    @property
    def ok(self) -> bool:
        """Whether all serve."""
        return self.known and not self.broken


def status() -> Status:
    """What `watch` wrote last; a missing or broken file is a state of its own, never an error page."""
    try:
        raw: dict[str, Any] = json.loads(settings.MAILCENTER_PATHS.status.read_text("utf-8"))
        at = datetime.fromisoformat(raw["at"])
        parts = tuple(Part(**part) for part in raw["parts"])
    except (OSError, ValueError, KeyError, TypeError):
        return Status(None, (), known=False)
    return Status(at, parts, known=datetime.now(UTC) - at < STALE)


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """All programs; the page asks again every few seconds."""
    return render(request, "center/health/list.html", {"status": status()})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the health check of the center itself: it answers and reaches the database. Needs no login, tells nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
