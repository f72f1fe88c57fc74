"""Read the ledger: search, story, trace. What a scope may not see is left out by the queries themselves.

Lists go from new to old and continue by key (`before`), so that a page costs the same however far back it lies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from mailcenter.directory.scope import OPERATOR, Scope
from mailcenter.ledger.assemble import Rows, summary
from mailcenter.ledger.assemble import story as assemble_story
from mailcenter.ledger.models import Event, Notice, QueueId, Recipient, Transaction
from mailcenter.ledger.notices import RULES
from mailcenter.ledger.search_text import matching
from mailcenter.ledger.story import Story, Summary
from mailcenter.ledger.visibility import owns, received_in, sent_in, visible
from mailcenter.mail.reference import normalise_reference

Key = tuple[datetime, str]
"""started_at and reference: what names a transaction."""

QUEUE_ID_LENGTHS = range(6, 21)
_TRACE_LIMIT = 20
_M = TypeVar("_M", bound=Model)


def search(
    scope: Scope,
    *,
    text: str = "",
    verdict: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    before: str | None = None,
) -> list[Summary]:
    """Transactions of the scope, newest first.

    Args:
        text: an address, a domain (`@example.org`), an IP address, a reference, a queue id, a Message-ID in angle
            brackets, or words of the subject.
        verdict: only transactions, or recipients, with this verdict.
        since: began at this time or later.
        until: began before this time.
        limit: most lines.
        before: the `cursor` of the last line that was shown; one that cannot be read is ignored.
    """
    transactions = _between(Transaction.objects.all(), since, until, before)
    if text.strip():
        transactions = transactions.filter(matching(text.strip(), scope), visible(scope))
        if verdict:
            transactions = transactions.filter(verdict=verdict)
        return _summaries(scope, _newest(transactions, limit))
    keys = _newest(_with_verdict(transactions.filter(sent_in(scope)), verdict), limit)
    if scope.kind != "operator":
        recipients = _between(Recipient.objects.filter(received_in(scope)), since, until, before)
        keys += _newest(_with_verdict(recipients, verdict), limit)
    return _summaries(scope, sorted(set(keys), reverse=True)[:limit])


def story(scope: Scope, key: str) -> Story | None:
    """The story of a reference or queue id; None where there is none or the scope may not see it."""
    found = _stories(scope, _keys_of(key)[:1])
    return found[0] if found else None


def trace(key: str, *, scope: Scope = OPERATOR, limit: int = _TRACE_LIMIT) -> list[Story]:
    """The stories of a reference, a queue id or the newest ones of an address, newest first."""
    keys = _keys_of(key)
    if not keys and "@" in key:
        keys = [(line.started_at, line.reference) for line in search(scope, text=key, limit=limit)]
    return _stories(scope, keys[:limit])


def _keys_of(text: str) -> list[Key]:
    """Transactions with this reference or queue id, newest first."""
    text = text.strip()
    reference = normalise_reference(text)
    if reference:
        found = Transaction.objects.filter(reference=reference).order_by("-started_at")
        keys = list(found.values_list("started_at", "reference"))
        if keys:
            return keys
    if len(text) in QUEUE_ID_LENGTHS and text.isalnum():
        rows = QueueId.objects.filter(queue_id=text).order_by("-started_at")
        return list(dict.fromkeys(rows.values_list("started_at", "reference")))
    return []


def _between(rows: QuerySet[_M], since: datetime | None, until: datetime | None, before: str | None) -> QuerySet[_M]:
    if since:
        rows = rows.filter(started_at__gte=since)
    if until:
        rows = rows.filter(started_at__lt=until)
    key = _key_of_cursor(before)
    if key:
        started_at, reference = key
        # The first condition lets PostgreSQL leave out newer days; the second is the exact place.
        rows = rows.filter(started_at__lte=started_at)
        rows = rows.filter(Q(started_at__lt=started_at) | Q(reference__lt=reference))
    return rows


def _key_of_cursor(cursor: str | None) -> Key | None:
    moment, _, reference = (cursor or "").partition("~")
    try:
        started_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (started_at, reference) if timezone.is_aware(started_at) else None


def _with_verdict(rows: QuerySet[_M], verdict: str) -> QuerySet[_M]:
    return rows.filter(verdict=verdict) if verdict else rows


def _newest(rows: QuerySet[_M], limit: int) -> list[Key]:
    # Distinct, because a transaction stands once per recipient in the recipients' table.
    return list(rows.order_by("-started_at", "-reference").values_list("started_at", "reference").distinct()[:limit])


def _summaries(scope: Scope, keys: Sequence[Key]) -> list[Summary]:
    return [summary(rows) for rows in _rows(scope, keys)]


def _stories(scope: Scope, keys: Sequence[Key]) -> list[Story]:
    return [assemble_story(_with_notices(rows)) for rows in _rows(scope, keys)]


def _with_notices(rows: Rows) -> Rows:
    if rows.transaction.rule not in RULES:
        return rows
    notices = Notice.objects.filter(reference=rows.transaction.reference).order_by("changed_at", "id")
    return replace(rows, notices=list(notices))


def _rows(scope: Scope, keys: Sequence[Key]) -> Iterable[Rows]:
    """All rows of these transactions as far as the scope may see them, in the order of `keys`."""
    if not keys:
        return
    # Each index is asked for what it is sorted by: of a week of everybody's mail, a range of moments would be most.
    moments = Q(started_at__in=[moment for moment, _ in keys])
    names = moments & Q(reference__in=[reference for _, reference in keys])
    transactions = {
        (row.started_at, row.reference): row for row in Transaction.objects.filter(moments).filter(visible(scope))
    }
    recipients: dict[Key, list[Recipient]] = defaultdict(list)
    for recipient in Recipient.objects.filter(moments).order_by("position"):
        recipients[(recipient.started_at, recipient.reference)].append(recipient)
    events: dict[Key, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(names).order_by("at", "id"):
        events[(event.started_at, event.reference)].append(event)
    queue_ids: dict[Key, list[QueueId]] = defaultdict(list)
    for queue_id in QueueId.objects.filter(names):
        queue_ids[(queue_id.started_at, queue_id.reference)].append(queue_id)
    for key in keys:
        if key in transactions:
            transaction = transactions[key]
            sent = owns(scope, transaction)
            yield Rows(
                transaction=transaction,
                recipients=[row for row in recipients[key] if sent or owns(scope, row)],
                events=events[key],
                queue_ids=queue_ids[key],
                owns=lambda row: owns(scope, row),
                sent=sent,
                everything=scope.kind == "operator",
            )
