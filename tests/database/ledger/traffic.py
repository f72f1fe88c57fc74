"""Made-up mails as the daemons would tell of them: the gate's record, Dovecot's and Postfix's lines."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mailcenter.ledger.record import RecipientRecord, TransactionRecord
from mailcenter.mail.reference import reference_at

NODE = "node1"


@dataclass(frozen=True)
class Mail:
    """The mail number `number`, accepted `started_at` for alice."""

    number: int
    started_at: datetime

    @property
    def queue_id(self) -> str:
        return f"4jX{self.number:06d}z1Sb"

    @property
    def session(self) -> str:
        return f"s{self.number}+gAAg"

    @property
    def reference(self) -> str:
        return reference_at(self.started_at, self.number)

    def record(self, **changes: Any) -> TransactionRecord:
        values: dict[str, Any] = {
            "reference": self.reference,
            "node": NODE,
            "started_at": self.started_at,
            "ended_at": self.started_at + timedelta(milliseconds=40),
            "service": "mx",
            "client_address": "192.0.2.13",
            "client_name": "mx.other.example",
            "helo": "mx.other.example",
            "verdict": "accept",
            "stage": "eom",
            "code": 250,
            "enhanced": "2.0.0",
            "reply": "",
            "mail_from": "sender@other.example",
            "subject": f"Mail {self.number}",
            "message_id": f"<{self.number}@other.example>",
            "size": 1234,
            "queue_id": self.queue_id,
            "score": 0.5,
            "recipients": [RecipientRecord("alice@demo.example", "accept", "mailbox", 1, 2, 3)],
            "facts": {"symbols": ["R_SPF_ALLOW"]},
        }
        return TransactionRecord(**(values | changes))

    def dovecot(self, folder: str = "INBOX") -> str:
        return (
            f"{self._stamp:%Y-%m-%dT%H:%M:%S%z} lmtp(alice@demo.example)<680><{self.session}>: Info: sieve: "
            f"from=<sender@other.example> msgid=<{self.number}@other.example> size=1300: "
            f"stored mail into mailbox '{folder}'\n"
        )

    def queued(self) -> str:
        return self.postfix("qmgr", "from=<sender@other.example>, size=1234, nrcpt=1 (queue active)")

    def delivered(self) -> str:
        return self.postfix(
            "lmtp",
            "to=<alice@demo.example>, relay=mail.demo.example[mailboxes], delay=0.03, delays=0.01/0.01/0/0, dsn=2.0.0, "
            f"status=sent (250 2.0.0 <alice@demo.example> {self.session} Saved)",
        )

    def removed(self) -> str:
        return self.postfix("qmgr", "removed")

    def postfix(self, program: str, text: str) -> str:
        return f"{self._stamp.astimezone():%b %d %H:%M:%S} mail postfix/{program}[68]: {self.queue_id}: {text}\n"

    @property
    def _stamp(self) -> datetime:
        return self.started_at.replace(microsecond=0)


def mails(count: int) -> list[Mail]:
    """That many different mails of the last minute."""
    now = datetime.now(UTC)
    return [Mail(number, now - timedelta(seconds=60) + timedelta(milliseconds=number)) for number in range(count)]


def spool(
    folder: Path, *records: TransactionRecord, sequence: int = 1, finished: bool = True, tail: bytes = b""
) -> Path:
    """Append records to a spool file, of this process while it is open; `tail` is a torn line behind them."""
    path = folder / f"{NODE}.{os.getpid()}.{sequence}{'' if finished else '.open'}.jsonl"
    with path.open("ab") as file:
        file.write(b"".join(record.to_line() for record in records) + tail)
    return path


def append(path: Path, *lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(lines))
