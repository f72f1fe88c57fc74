"""The audit log that each customer reads for his own things: who did what to them, and when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date

from mailcenter.center.web.access import EVERYONE, Request, only_for, scope_for
from mailcenter.center.web.audit_words import line_of
from mailcenter.center.web.lists import LONGEST_SEARCH, PAGE, search_text
from mailcenter.directory.audit import LARGEST_ID, search_audit


@only_for(*EVERYONE)
def index(request: Request) -> HttpResponse:
    """Filters: `q` what it was done to, `who` did it, `since` and `until` days; `before` continues a page."""
    text, who = search_text(request), _text(request, "who")
    since, until = _day(request, "since"), _day(request, "until")
    rows = search_audit(
        scope_for(request),
        since=since,
        until=until + timedelta(days=1) if until else None,
        actor=who,
        thing=text,
        before=_before(request),
    )[: PAGE + 1]
    entries = list(rows)
    context = {
        "lines": [line_of(entry) for entry in entries[:PAGE]],
        "older": entries[PAGE - 1].pk if len(entries) > PAGE else "",
        "text": text,
        "who": who,
        "since": since,
        "until": until,
        "filtered": bool(text or who or since or until),
    }
    return render(request, "center/audit.html", context)


def _text(request: Request, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def _day(request: Request, name: str) -> datetime | None:
    """The day's begin in UTC; None for what is no day."""
    try:
        day = parse_date(_text(request, name))
    except ValueError:
        return None
    if day is None or not 1970 <= day.year <= 9000:
        return None
    return datetime.combine(day, time.min, tzinfo=timezone.get_fixed_timezone(0))


def _before(request: Request) -> int:
    wanted = request.GET.get("before", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else LARGEST_ID
