"""From what was decided about each recipient and the message to the one verdict of the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from mailcenter.mail.reply import Reply

Verdict = Literal["accept", "reject", "defer", "abort"]


def verdict_of(reply: Reply) -> Verdict:
    """What a reply means to the sender: RFC 5321 section 4.2.1."""
    if reply.code < 400:
        return "accept"
    return "defer" if reply.code < 500 else "reject"


def verdict_without_message(recipients: Iterable[Verdict]) -> Verdict:
    """The verdict of a transaction that ended before its message.

    abort: the client left although a recipient was accepted, or before naming one; else the mildest refusal counts: a
    sender who was told to come back for one recipient will come back.
    """
    verdicts = set(recipients)
    if not verdicts or "accept" in verdicts:
        return "abort"
    return "defer" if "defer" in verdicts else "reject"
