"""Transactions for mail that never met the gate: made on this server, by a mailbox's rule or by a program of root."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mailcenter.ledger.events import LOCAL_RELAY, Event
from mailcenter.ledger.record import RecipientRecord, TransactionRecord
from mailcenter.mail.reference import reference_at

_NAMES_RECIPIENT = frozenset({"delivered", "deferred", "bounced", "discarded", "redirected"})


def local_record(
    node: str, queue_id: str, events: Sequence[Event], message_id: str, entropy: Callable[[int], int]
) -> TransactionRecord | None:
    """The record of a message, from what its first log lines say; None while they say too little.

    Args:
        entropy: gives as many random bits as asked (`secrets.randbits`).
    """
    if not events:
        return None
    began = min(event.at for event in events)
    queued = next((event for event in events if event.kind == "queued"), None)
    recipients = {
        event.recipient: RecipientRecord(
            address=event.recipient,
            verdict="accept",
            kind="mailbox" if event.relay == LOCAL_RELAY else "remote",
        )
        for event in events
        if event.recipient and event.kind in _NAMES_RECIPIENT
    }
    return TransactionRecord(
        reference=reference_at(began, entropy(24)),
        node=node,
        started_at=began,
        ended_at=began,
        service="local",
        client_address="",
        client_name="",
        helo="",
        verdict="accept",
        stage="eom",
        code=250,
        enhanced="2.0.0",
        reply="",
        mail_from=queued.mail_from if queued else "",
        message_id=message_id,
        size=queued.size if queued else 0,
        queue_id=queue_id,
        recipients=list(recipients.values()),
    )
