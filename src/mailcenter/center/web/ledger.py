"""The mail ledger: every mail that came or went, or was refused, filtered, and continued by key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.access import EVERYONE, PLATFORM, Request, only_for, scope_for
from mailcenter.center.web.lists import PAGE, search_text
from mailcenter.center.web.verdicts import VERDICTS, mail_rows
from mailcenter.ledger.queries import search

PERIODS = [("hour", _("Last hour")), ("day", _("Last 24 hours")), ("week", _("Last 7 days")), ("", _("Any time"))]
HOURS = {"hour": 1, "day": 24, "week": 7 * 24}


@only_for(*EVERYONE)
def index(request: Request) -> HttpResponse:
    """Filters: `q` text, `verdict`, `period`; `before` continues after the last line of the page before."""
    verdict, period = request.GET.get("verdict", ""), request.GET.get("period", "")
    rows = search(
        scope_for(request),
        text=search_text(request),
        verdict=verdict if verdict in dict(VERDICTS) else "",
        since=_since(period),
        limit=PAGE + 1,
        before=request.GET.get("before") or None,
    )
    context = {
        "rows": mail_rows(rows[:PAGE]),
        "older": rows[PAGE - 1].cursor if len(rows) > PAGE else "",
        "text": search_text(request),
        "verdict": verdict,
        "period": period,
        "verdicts": VERDICTS,
        "periods": PERIODS,
        "filtered": bool(search_text(request) or verdict or period),
        "show_client": request.user.role in PLATFORM,
    }
    return render(request, "center/ledger/list.html", context)


def _since(period: str) -> datetime | None:
    hours = HOURS.get(period)
    return timezone.now().astimezone(UTC) - timedelta(hours=hours) if hours else None
