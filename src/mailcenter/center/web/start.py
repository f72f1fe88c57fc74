"""The first page after signing in: what each role wants to see first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from mailcenter.center.web.access import EVERYONE, PLATFORM, Request, only_for, scope_for
from mailcenter.center.web.figures import verdicts_of
from mailcenter.center.web.health import status
from mailcenter.center.web.lists import PAGE
from mailcenter.center.web.programs import mail_programs
from mailcenter.center.web.verdicts import VERDICTS, mail_rows
from mailcenter.directory.models import Role
from mailcenter.directory.scope import Scope, visible_domains, visible_mailboxes
from mailcenter.ledger.queries import search

LATEST = 8


@only_for(*EVERYONE)
def show(request: Request) -> HttpResponse:
    """One page per role."""
    scope = scope_for(request)
    if request.user.role in PLATFORM:
        return render(request, "center/start/operator.html", _operator(scope))
    if request.user.role == Role.MAILBOX:
        return render(request, "center/start/mailbox.html", _mailbox(scope))
    return render(request, "center/start/tenant.html", _tenant(scope))


def _operator(scope: Scope) -> dict[str, object]:
    return {
        "status": status(),
        "figures": _figures(scope),
        "rows": mail_rows(search(scope, verdict="reject", limit=LATEST)),
    }


def _tenant(scope: Scope) -> dict[str, object]:
    domains = visible_domains(scope)
    return {
        "domains": domains[:PAGE],
        "domain_count": domains.count(),
        "mailbox_count": visible_mailboxes(scope).count(),
        "figures": _figures(scope),
        "rows": mail_rows(search(scope, verdict="reject", limit=LATEST)),
    }


def _mailbox(scope: Scope) -> dict[str, object]:
    return {
        "mailbox": visible_mailboxes(scope).first(),
        "programs": mail_programs(),
        "rows": mail_rows(search(scope, limit=LATEST)),
    }


def _figures(scope: Scope) -> list[tuple[str, object, int]]:
    """Of the last 24 hours: verdict, its name, how many mails."""
    counts = verdicts_of(scope, hours=24)
    return [(verdict, title, counts[verdict]) for verdict, title in VERDICTS]
