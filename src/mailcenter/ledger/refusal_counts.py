"""How often each rule has refused or put off lately, counted in the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from mailcenter.directory.barrier import beyond_barrier
from mailcenter.ledger.models import Recipient, Transaction

_KEY, _KEPT_SECONDS = "refusal-counts", 60
_NO = ("reject", "defer")
_BEFORE_RECIPIENTS = ("connect", "helo", "mail")


@dataclass(frozen=True)
class Counts:
    """Refusals by rule: each recipient counts, and a mail that was refused before it named one."""

    day: Counter[str]
    week: Counter[str]


def refusal_counts() -> Counts:
    """Of the last 24 hours and 7 days; a minute old at the most, so that nobody wears out the database by looking."""
    known = cache.get(_KEY)
    if not isinstance(known, Counts):
        with beyond_barrier():  # sums over all tell nothing of anybody
            known = _count()
        cache.set(_KEY, known, _KEPT_SECONDS)
    return known


def _count() -> Counts:
    now = timezone.now()
    day, week = now - timedelta(days=1), now - timedelta(days=7)
    counts = Counts(Counter(), Counter())
    refused = Recipient.objects.filter(verdict__in=_NO, started_at__gte=week)
    early = Transaction.objects.filter(verdict__in=_NO, started_at__gte=week, stage__in=_BEFORE_RECIPIENTS)
    for rows in (refused, early):
        recent = Count("reference", filter=Q(started_at__gte=day))
        found = rows.order_by().values_list("rule").annotate(recent=recent, everything=Count("reference"))
        for rule, of_the_day, of_the_week in found:
            counts.day[rule] += of_the_day
            counts.week[rule] += of_the_week
    return counts


def refused_lately(rule: str) -> dict[str, int]:
    """How often a rule has refused or put off, under the names that API and CLI give it."""
    counts = refusal_counts()
    return {"refused_day": counts.day[rule], "refused_week": counts.week[rule]}
