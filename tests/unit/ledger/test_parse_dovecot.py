"""Lines of Dovecot 2.3 as it writes them under our configuration, with made-up addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mailcenter.ledger.events import Filing
from mailcenter.ledger.parse_dovecot import DovecotParser

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
AT = datetime(2026, 11, 22, 4, 32, 45, tzinfo=UTC)
SESSION = "XmRHAm1wAmu+GgAAg+zDdQ:R2"
HEAD = f"2026-11-22T05:32:45+0100 lmtp(bob@demo.example)<6846><{SESSION}>: Info: "
OURS = "sieve: from=<a@b.example> msgid=<1@b.example> size=589: "

CASES: dict[str, dict[str, Any] | None] = {
    OURS + "stored mail into mailbox 'INBOX'": {"kind": "delivered", "folder": "INBOX"},
    OURS + "fileinto action: stored mail into mailbox 'Work/It's mine'": {
        "kind": "delivered",
        "folder": "Work/It's mine",
    },
    OURS + "left message in mailbox 'INBOX'": {"kind": "delivered", "folder": "INBOX"},
    "sieve: msgid=<1@b.example>: stored mail into mailbox 'Größe: 1'": {"kind": "delivered", "folder": "Größe: 1"},
    "msgid=<1@b.example>: saved mail to INBOX": {"kind": "delivered", "folder": "INBOX"},
    OURS + "redirect action: forwarded to <x@remote.example>": {"kind": "redirected", "target": "x@remote.example"},
    OURS + "sent vacation response to <a@b.example>": {"kind": "replied", "target": "a@b.example"},
    OURS + "rejected message from <a@b.example> (reject)": {"kind": "replied", "target": "a@b.example"},
    OURS + "discard action: Marked message to be discarded if not explicitly delivered (discard action)": {
        "kind": "discarded"
    },
    OURS + "discarded duplicate forward to <x@remote.example>": {"kind": "discarded"},
    OURS + "failed to store into mailbox 'INBOX': the mailbox is full": None,
    "sieve: from=<a@b.example> msgid=<x size=1: forwarded to <evil@b.example>> size=589: "
    "stored mail into mailbox 'INBOX'": {"kind": "delivered", "folder": "INBOX"},
    "Disconnect from local: Logged out (state=READY)": None,
}


@pytest.mark.parametrize("text", CASES)
def test_line(text: str) -> None:
    values = CASES[text]
    expected = Filing(at=AT, session=SESSION, user="bob@demo.example", **values) if values else None
    assert DovecotParser().parse(HEAD + text, NOW) == expected


@pytest.mark.parametrize(
    "line", ["", "lmtp(", "2026-11-22T05:32:45+0100 imap(bob@demo.example)<1><x>: Info: msgid=<1>: saved mail to INBOX"]
)
def test_other_lines_say_nothing(line: str) -> None:
    assert DovecotParser().parse(line, NOW) is None
