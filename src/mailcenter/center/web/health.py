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
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mailcenter.center.web.access import PLATFORM, Request, only_for

STALE = timedelta(seconds=60)
"""`watch` writes every few seconds; what is older tells nothing."""


PURPOSES: dict[str, Promise | str] = {
    "tls": _("Certificate: proves to others that this is the server they meant"),
    "postgres": _("Database: accounts, settings and the mail ledger"),
    "redis": _("Short-lived memory: what the spam filter has learned"),
    "unbound": _("Name server: finds other mail servers and checks their answers"),
    "clamd": _("Virus scanner"),
    "freshclam": _("Keeps the virus scanner's signatures current"),
    "rspamd": _("Spam filter: scores each mail"),
    "training": _("Teaches the spam filter what people move into and out of Junk"),
    "guard": _("Guards logins against guessing"),
    "logins": _("Checks the passwords of mail programs"),
    "gate": _("Gate: decides on each mail while its sender waits"),
    "bans": _("Tells of networks that are shut out for a while, and keeps them from the mail transport"),
    "domains": _("Tells the mail transport which domains are ours"),
    "ledger": _("Writes the mail ledger"),
    "notices": _("Sends notices about refused mail, and answers to reports"),
    "certificates": _("Gets and renews certificates for the names of customers' domains"),
    "center": _("Control center: these pages and the REST API"),
    "dovecot": _("Mailboxes: IMAP, POP3, filters, and logins of mail programs"),
    "postfix": _("Mail transport: receives mail, keeps the queue, sends mail"),
    "nginx": _("Web server in front of the control center"),
    "logrotate": _("Starts new log files and removes old ones"),
    "watch": _("Watches all the others"),
}


@dataclass(frozen=True)
class Part:
    """One engine. `detail` and `remedy` are its own words, in English; `since` is None where no process runs."""

    name: str
    ok: bool
    detail: str
    remedy: str
    restarts: int
    since: datetime | None

    @property
    def purpose(self) -> Promise | str:
        """What it is for, in plain words."""
        return PURPOSES.get(self.name, "")


@dataclass(frozen=True)
class Status:
    """All engines at one moment; `known` is False when nobody has looked lately."""

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
        parts = tuple(_part(engine, at) for engine in raw["engines"])
    except (OSError, ValueError, KeyError, TypeError):
        return Status(None, (), known=False)
    return Status(at, parts, known=bool(parts) and datetime.now(UTC) - at < STALE)


def _part(engine: dict[str, Any], at: datetime) -> Part:
    processes = engine["processes"]
    uptimes = [process["uptime"] for process in processes if process["uptime"]]
    return Part(
        name=engine["name"],
        ok=engine["healthy"],
        detail=engine["detail"],
        remedy=engine["remedy"],
        restarts=sum(process["restarts"] for process in processes),
        since=at - timedelta(seconds=min(uptimes)) if uptimes else None,
    )


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
