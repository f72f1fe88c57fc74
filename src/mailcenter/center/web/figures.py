"""How many mails had which verdict lately: the figures of the start page."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from mailcenter.directory.scope import Scope
from mailcenter.ledger.models import Recipient, Transaction
from mailcenter.ledger.visibility import received_in, sent_in


def verdicts_of(scope: Scope, *, hours: int = 24) -> Counter[str]:
    """Mails by verdict that began in the last `hours`; for a tenant sent and received ones are counted apart.

    A mail between two addresses of one tenant is sent as well as received and counts twice.
    """
    since = timezone.now() - timedelta(hours=hours)
    counts = _by_verdict(Transaction.objects.filter(sent_in(scope), started_at__gte=since))
    if scope.kind != "operator":
        counts += _by_verdict(Recipient.objects.filter(received_in(scope), started_at__gte=since))
    return counts


def _by_verdict(rows: QuerySet[Transaction] | QuerySet[Recipient]) -> Counter[str]:
    counted = rows.order_by().values_list("verdict").annotate(number=Count("reference", distinct=True))
    return Counter(dict(counted))
