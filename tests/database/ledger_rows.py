"""Rows of the ledger for tests that read it; the ledger daemon's own tests write them as it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from mailcenter.ledger.models import Event, QueueId, Recipient, Transaction
from mailcenter.mail.reference import reference_at

BEGAN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_DEFAULTS: dict[str, Any] = {
    "node": "node1",
    "service": "mx",
    "client_address": "192.0.2.13",
    "client_name": "mx.other.example",
    "helo": "mx.other.example",
    "verdict": "accept",
    "stage": "eom",
    "code": 250,
    "enhanced": "2.0.0",
    "reply": "",
    "rule": "",
    "tls": "",
    "login": "",
    "mail_from": "sender@other.example",
    "header_from": "sender@other.example",
    "subject": "",
    "message_id": "",
    "size": 1000,
    "facts": {},
}


def transaction(number: int, *recipients: dict[str, Any], **changes: Any) -> Transaction:
    """For these recipients, that many minutes after BEGAN or at `started_at`, with queue id `QUEUE{number}`."""
    began = changes.get("started_at", BEGAN + timedelta(minutes=number))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_ensure_day(%s)", [began.date()])
    values = {**_DEFAULTS, "started_at": began, "ended_at": began, "reference": reference_at(began, number)}
    values |= {"queue_id": f"QUEUE{number}", **changes}
    made = Transaction.objects.create(**values)
    if made.queue_id:
        queue_id(made, made.queue_id)
    for position, recipient in enumerate(recipients):
        _recipient(made, position, **recipient)
    return made


def _recipient(of: Transaction, position: int, **values: Any) -> None:
    defaults = {"verdict": "accept", "kind": "mailbox", "junk": False, "code": 250, "enhanced": "", "reply": ""}
    Recipient.objects.create(
        started_at=of.started_at, reference=of.reference, position=position, **{**defaults, "rule": "", **values}
    )


def queue_id(of: Transaction, name: str, *, parent: str = "", relation: str = "") -> None:
    QueueId.objects.create(
        started_at=of.started_at, reference=of.reference, node=of.node, queue_id=name, parent=parent, relation=relation
    )


_number = iter(range(1, 10**9))


def event(of: Transaction, kind: str, recipient: str = "", **changes: Any) -> None:
    """Something that happened to the transaction's message a second after its beginning."""
    values: dict[str, Any] = {
        "queue_id": of.queue_id,
        "final_recipient": recipient,
        "dsn": "",
        "relay": "local",
        "text": "",
    }
    values |= {"folder": "", "at": of.started_at + timedelta(seconds=1), **changes}
    Event.objects.create(
        id=next(_number),
        started_at=of.started_at,
        reference=of.reference,
        node=of.node,
        kind=kind,
        recipient=recipient,
        **values,
    )
