"""Prove that nothing was lost: every recipient of an accepted mail has an end, or the mail is still in the queue.

Ends are `events.END_KINDS`. An alias may lead one recipient to several mailboxes, so besides one end at least per
recipient, no message made from the mail may be open: each queue id must have left the queue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from django.db import connection

from mailcenter.ledger.events import END_KINDS
from mailcenter.ledger.models import Event, QueueId
from mailcenter.ledger.outcome import events_of, has_end

State = Literal["waiting", "never_queued", "unexplained"]
"""waiting: in Postfix's queue. never_queued: the gate accepted, but Postfix was stopped before it had taken the mail
and said so, thus the sender still has it. unexplained: nobody knows; that must never be."""


@dataclass(frozen=True)
class Open:
    """A recipient or a message without an end; `since` is when its transaction began."""

    state: State
    reference: str
    since: datetime
    queue_id: str
    recipient: str


@dataclass(frozen=True)
class Report:
    """`recipients` of accepted mails were looked at; those in `open` have no end, all others have."""

    recipients: int
    open: tuple[Open, ...]

    def of(self, state: State) -> list[Open]:
        return [item for item in self.open if item.state == state]


def audit(since: datetime, until: datetime, *, in_queue: frozenset[str] | None) -> Report:
    """Look at all mails accepted from `since` until before `until`.

    Args:
        until: so long ago that their log lines must have been read by now.
        in_queue: the queue ids that Postfix has, asked before this call; None where it cannot be asked: then what the
            logs said is believed.
    """
    recipients = _select(_RECIPIENTS_WITHOUT_END, since, until)
    messages = _select(_MESSAGES_NOT_REMOVED, since, until)
    keys = {(row[0], row[1]) for row in recipients} | {(row[0], row[1]) for row in messages}
    events = _by_transaction(Event, keys)
    queue_ids = _by_transaction(QueueId, keys)
    open_items = []
    for started_at, reference, queue_id, address in recipients:
        own = {row.queue_id for row in queue_ids[reference] if row.relation == "requeue"} | {queue_id}
        if not has_end(events_of(address, events[reference], frozenset(own))):
            state = _state(own, events[reference], until, in_queue)
            open_items.append(Open(state, reference, started_at, queue_id, address))
    told = {item.queue_id for item in open_items}
    for started_at, reference, queue_id in messages:
        if queue_id not in told:
            state = _state({queue_id}, events[reference], until, in_queue)
            open_items.append(Open(state, reference, started_at, queue_id, ""))
    looked_at = _select(_ACCEPTED_RECIPIENTS, since, until)[0][0]
    return Report(looked_at, tuple(sorted(open_items, key=lambda item: item.since)))


def _state(queue_ids: set[str], events: Iterable[Event], until: datetime, in_queue: frozenset[str] | None) -> State:
    of_message = [event for event in events if event.queue_id in queue_ids]
    recent = any(event.at >= until for event in events)
    removed = any(event.kind == "removed" for event in of_message)
    if in_queue is None:
        return "waiting" if of_message and not removed else "unexplained"
    if queue_ids & in_queue or recent:
        return "waiting"
    return "unexplained" if of_message else "never_queued"


_ACCEPTED_RECIPIENTS = """
    SELECT count(*)
    FROM ledger_transaction t JOIN ledger_recipient r USING (started_at, reference)
    WHERE t.verdict = 'accept' AND t.started_at >= %(since)s AND t.started_at < %(until)s AND r.verdict = 'accept'
"""

# Addresses are compared as plain text here, which finds too many rather than too few.
_RECIPIENTS_WITHOUT_END = """
    SELECT t.started_at, t.reference, t.queue_id, r.address
    FROM ledger_transaction t JOIN ledger_recipient r USING (started_at, reference)
    WHERE t.verdict = 'accept' AND t.started_at >= %(since)s AND t.started_at < %(until)s AND r.verdict = 'accept'
      AND NOT EXISTS (
        SELECT FROM ledger_event e
        WHERE e.started_at = t.started_at AND e.reference = t.reference AND e.kind = ANY(%(ends)s)
          AND (e.recipient = '' OR upper(e.recipient) = upper(r.address))
      )
"""

_MESSAGES_NOT_REMOVED = """
    SELECT q.started_at, q.reference, q.queue_id
    FROM ledger_transaction t JOIN ledger_queue q USING (started_at, reference)
    WHERE t.verdict = 'accept' AND t.started_at >= %(since)s AND t.started_at < %(until)s
      AND NOT EXISTS (
        SELECT FROM ledger_event e
        WHERE e.started_at = q.started_at AND e.reference = q.reference AND e.queue_id = q.queue_id
          AND e.kind IN ('removed', 'refused')
      )
"""


def _select(statement: str, since: datetime, until: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": since, "until": until, "ends": list(END_KINDS)})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


_M = TypeVar("_M", Event, QueueId)


def _by_transaction(model: type[_M], keys: set[tuple[datetime, str]]) -> dict[str, list[_M]]:
    """The rows of these transactions in the order of time, by reference."""
    found: dict[str, list[_M]] = defaultdict(list)
    if keys:
        moments = [started_at for started_at, _ in keys]
        rows = model.objects.filter(
            started_at__gte=min(moments), started_at__lte=max(moments), reference__in={key[1] for key in keys}
        )
        for row in rows.order_by("at", "id") if model is Event else rows:
            found[row.reference].append(row)
    return found
