"""Turn records and events into the rows of the ledger's tables, in the order of their columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from mailcenter.ledger.events import Event
from mailcenter.ledger.record import TransactionRecord

TRANSACTION = (
    "started_at", "reference", "node", "ended_at", "service", "client_address", "client_name", "helo", "verdict",
    "stage", "code", "enhanced", "reply", "rule", "tls", "login", "organisation_id", "domain_id", "mailbox_id",
    "mail_from", "header_from", "subject", "message_id", "size", "queue_id", "score", "facts",
)  # fmt: skip
RECIPIENT = (
    "started_at", "reference", "position", "address", "verdict", "kind", "organisation_id", "domain_id", "mailbox_id",
    "junk", "code", "enhanced", "reply", "rule", "treatment",
)  # fmt: skip
EVENT = (
    "at", "started_at", "reference", "node", "queue_id", "kind", "recipient", "final_recipient", "dsn", "relay",
    "delay_ms", "text", "folder",
)  # fmt: skip
QUEUE = ("started_at", "reference", "node", "queue_id", "parent", "relation")

_AHEAD = timedelta(days=2)
Row = tuple[Any, ...]


def clean(text: str) -> str:
    """Text that PostgreSQL can hold: no NUL, no lone surrogates."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def checked(record: TransactionRecord, now: datetime) -> TransactionRecord:
    """The record, when its day can have a partition.

    Raises:
        ValueError: it has no time zone, or lies in the future.
    """
    if record.started_at.tzinfo is None or record.ended_at.tzinfo is None:
        raise ValueError("a time without zone")
    if record.started_at > now + _AHEAD:
        raise ValueError("a time in the future")
    return record


def day_of(moment: datetime) -> str:
    """The UTC day, whose partition holds this moment."""
    return moment.astimezone(UTC).date().isoformat()


def transaction_row(record: TransactionRecord) -> Row:
    """The row of `ledger_transaction`."""
    values = {name: getattr(record, name) for name in TRANSACTION}
    values["client_address"] = _address(record.client_address)
    values["facts"] = json_text(record.facts)
    return _clean_row(values[name] for name in TRANSACTION)


def recipient_rows(record: TransactionRecord) -> Iterator[Row]:
    """The rows of `ledger_recipient`."""
    for position, recipient in enumerate(record.recipients):
        own = (getattr(recipient, name) for name in RECIPIENT[3:])
        yield (record.started_at, record.reference, position, *_clean_row(own))


def event_row(event: Event, node: str, started_at: datetime, reference: str) -> Row:
    """The row of `ledger_event`. Logs count in whole seconds, so an event never comes before its transaction."""
    return (
        max(event.at, started_at),
        started_at,
        reference,
        node,
        event.queue_id,
        event.kind,
        event.recipient,
        event.final_recipient,
        event.dsn,
        event.relay,
        event.delay_ms,
        event.text,
        event.folder,
    )


def _clean_row(values: Iterator[Any]) -> Row:
    return tuple(clean(value) if isinstance(value, str) else value for value in values)


def json_text(facts: dict[str, Any]) -> str:
    """JSON that PostgreSQL takes; looked through only where something in it may be refused."""
    text = json.dumps(facts)
    suspicious = any(sign in text for sign in ("\\u0000", "\\ud", "NaN", "Infinity"))
    return json.dumps(_cleaned(facts)) if suspicious else text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value


def _address(text: str) -> str | None:
    """The form of PostgreSQL's inet; None where the client has no IP address."""
    try:
        return str(ip_address(text.removeprefix("IPv6:")))
    except ValueError:
        return None
