"""From a decision's reply to the milter's response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailcenter.mail.reply import Reply
from mailcenter.milter.responses import Continue, ReplyCode, Response
from mailcenter.policy import replies
from mailcenter.policy.rule import Decision
from mailcenter.serve.gate.ports import UnavailableError

CONTINUE: Final[tuple[Response, ...]] = (Continue(),)
NOTHING: Final[tuple[Response, ...]] = ()
OUT_OF_STEP: Final[tuple[Response, ...]] = (ReplyCode(451, ("4.3.0 temporary failure here, try again later",)),)
"""For a step of a transaction that is over: Postfix does not ask it."""


def refuse(reply: Reply, reference: str, *, utf8: bool) -> Sequence[Response]:
    """The reply with the transaction's reference. Without SMTPUTF8 it must be ASCII (RFC 6531 section 3.7.4.2)."""
    line = reply.line(reference)
    return (ReplyCode(reply.code, (line if utf8 else line.encode("ascii", "replace").decode("ascii"),)),)


def failed(failure: UnavailableError) -> Decision:
    """What is decided when a part of ours fails: the sender keeps the mail and comes back."""
    return Decision(f"unavailable-{failure.part}", replies.TEMPORARY_FAILURE.fill(log=str(failure)))
