"""What became of a mail for each recipient, from the verdict and the events after it. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from mailcenter.ledger.events import END_KINDS
from mailcenter.ledger.story import OUTCOME_OF_VERDICT, OUTCOMES
from mailcenter.mail.address import AddressError, parse_address


class EventLike(Protocol):
    """The part of a ledger event that outcomes are made from."""

    @property
    def queue_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def final_recipient(self) -> str: ...


_OUTCOME_OF_KIND = {
    "delivered": "delivered",
    "deferred": "delayed",
    "bounced": "bounced",
    "expired": "expired",
    "discarded": "discarded",
    "redirected": "redirected",
    "refused": "not_taken",
}


@lru_cache(maxsize=4096)
def folded(address: str) -> str:
    """The form in which addresses of the gate and of the logs are compared."""
    try:
        return parse_address(address).key
    except AddressError:
        return address.casefold()


def events_of(address: str, events: Iterable[EventLike], own_queue_ids: frozenset[str]) -> list[EventLike]:
    """The events that decide about one recipient: his own, and those of the whole message.

    `own_queue_ids` are the transaction's message and what replaced it in the queue; not its bounces and redirects.
    """
    wanted = folded(address)
    return [
        event
        for event in events
        if event.queue_id in own_queue_ids and (not event.recipient or folded(event.recipient) == wanted)
    ]


def recipient_outcome(verdict: str, events: Sequence[EventLike]) -> str:
    """A key of `OUTCOMES`; `events` are those of `events_of`, oldest first.

    An alias may lead to several final recipients: each has its last word, and the first of `OUTCOMES` stands for all.
    """
    if verdict != "accept":
        return OUTCOME_OF_VERDICT[verdict]
    last: dict[str, str] = {}
    for event in events:
        outcome = _OUTCOME_OF_KIND.get(event.kind)
        if outcome is None:
            continue
        if event.recipient:
            last[folded(event.final_recipient if event.kind != "redirected" else event.recipient)] = outcome
        else:
            open_ones = [final for final, known in last.items() if known == "delayed"]
            last |= dict.fromkeys(open_ones or ([] if last else [""]), outcome)
    return foremost(last.values()) if last else "queued"


def has_end(events: Iterable[EventLike]) -> bool:
    """Whether a recipient with these events (of `events_of`) has at least one end."""
    return any(event.kind in END_KINDS for event in events)


def foremost(outcomes: Iterable[str]) -> str:
    """The one outcome that stands for several."""
    present = set(outcomes)
    return next(outcome for outcome in OUTCOMES if outcome in present)


def transaction_outcome(verdict: str, recipients: Sequence[tuple[str, str]]) -> str:
    """`recipients` are pairs of verdict and outcome; in an accepted mail the refused recipients do not speak for it."""
    if verdict == "accept":
        recipients = [pair for pair in recipients if pair[0] == "accept"] or recipients
        return foremost(outcome for _, outcome in recipients) if recipients else "queued"
    return OUTCOME_OF_VERDICT[verdict]
