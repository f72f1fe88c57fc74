"""One SMTP transaction as the gate hands it to the ledger: a JSON line in the spool.

The gate appends the line before it answers the sender, so that no accepted mail is without a record; the ledger daemon
takes lines into the database in batches.

For the gate: each worker writes `NODE.PID.SEQ.open.jsonl` in the spool, one `write` per line, and renames it to
`NODE.PID.SEQ.jsonl` when it will not write to it again (NODE without dots; PID its own). Files must be readable by the
group mailcenter-ledger and the folder writable by it. The file of a worker that died is taken over by itself.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final, Literal, Self

import msgspec
from msgspec.structs import asdict

_ENCODER: Final = msgspec.json.Encoder()

Verdict = Literal["accept", "reject", "defer", "abort"]
"""accept: 250 after DATA; reject: 5xx; defer: 4xx; abort: the client went away or began anew before a verdict, or
Postfix refused the message before it was shown to the gate (more bytes than `smtp.message_size`)."""


class RecipientRecord(msgspec.Struct):
    """What was decided for one RCPT TO.

    The ids are those of the directory at that time, so that a later tenant never sees what was another's.
    """

    address: str
    verdict: Verdict
    kind: Literal["mailbox", "alias", "catch-all", "remote", "unknown"]
    organisation_id: int | None = None
    domain_id: int | None = None
    mailbox_id: int | None = None
    junk: bool = False
    treatment: str = ""
    """What became of a suspicious copy: junk, mark, forward, nothing, or allowed; empty where it is not suspicious."""
    code: int = 250
    enhanced: str = "2.1.5"
    reply: str = ""
    rule: str = ""


class TransactionRecord(msgspec.Struct):
    """One MAIL..end of DATA, or a refused part of it. Times are UTC; sizes bytes; durations milliseconds."""

    reference: str
    node: str
    started_at: datetime
    ended_at: datetime
    service: Literal["mx", "submission", "local"]
    """local: made on this server and never seen by the gate; the ledger daemon alone writes such records."""
    client_address: str
    client_name: str
    helo: str
    verdict: Verdict
    stage: Literal["connect", "helo", "mail", "rcpt", "data", "eom"]
    code: int
    enhanced: str
    reply: str
    rule: str = ""
    tls: str = ""
    login: str = ""
    organisation_id: int | None = None
    """Of the authenticated sender."""
    domain_id: int | None = None
    mailbox_id: int | None = None
    mail_from: str = ""
    header_from: str = ""
    subject: str = ""
    message_id: str = ""
    size: int = 0
    queue_id: str = ""
    score: float | None = None
    recipients: list[RecipientRecord] = []
    facts: dict[str, Any] = {}
    """What led to the verdict: symbols, virus names, authentication results, time per stage."""

    def to_line(self) -> bytes:
        """The record as one JSON line, newline included; no line break can stand inside."""
        try:
            return _ENCODER.encode(self) + b"\n"
        except UnicodeEncodeError:  # lone surrogates, which are no text: written as escapes, like JSON allows
            values = asdict(self) | {"recipients": [asdict(recipient) for recipient in self.recipients]}
            return json.dumps(values, default=datetime.isoformat).encode("ascii") + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Read a line back.

        Raises:
            ValueError: the line is no whole record (a torn write at the end of a file).
        """
        try:
            values = json.loads(line)
            values["started_at"] = datetime.fromisoformat(values["started_at"])
            values["ended_at"] = datetime.fromisoformat(values["ended_at"])
            # A newer gate may say more than this daemon knows; its records are taken without that.
            values["recipients"] = [
                RecipientRecord(**{name: recipient[name] for name in _RECIPIENT_FIELDS & recipient.keys()})
                for recipient in values["recipients"]
            ]
            return cls(**{name: values[name] for name in _TRANSACTION_FIELDS & values.keys()})
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not a ledger record: {error!r}") from error


_RECIPIENT_FIELDS: Final = frozenset(RecipientRecord.__struct_fields__)
_TRANSACTION_FIELDS: Final = frozenset(TransactionRecord.__struct_fields__)
