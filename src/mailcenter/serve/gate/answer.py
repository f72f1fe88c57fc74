"""From a decision's reply to the milter's response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailcenter.mail.reply import Reply
from mailcenter.milter.responses import LONGEST_REPLY_LINE, Continue, ReplyCode, Response
from mailcenter.policy import replies
from mailcenter.policy.rule import Decision
from mailcenter.serve.gate.ports import UnavailableError

CONTINUE: Final[tuple[Response, ...]] = (Continue(),)
NOTHING: Final[tuple[Response, ...]] = ()
OUT_OF_STEP: Final[tuple[Response, ...]] = (ReplyCode(451, ("4.3.0 temporary failure here, try again later",)),)
"""For a step of a transaction that is over: Postfix does not ask it."""


def refuse(reply: Reply, reference: str, *, pages: str, utf8: bool) -> Sequence[Response]:
    """The reply with the transaction's reference and the link to its page (`pages` and the reference).

    Without SMTPUTF8 it must be ASCII (RFC 6531 section 3.7.4.2). A line holds 512 octets (RFC 5321 section 4.5.3.1.5):
    a link that does not fit goes into a line of its own; a text too long by itself is cut before the reference.
    """
    text, tail = reply.text if utf8 else reply.text.encode("ascii", "replace").decode("ascii"), f" [{reference}]"
    link = f"{pages}{reference}"
    room = LONGEST_REPLY_LINE - len(f"{reply.enhanced} {tail}")
    line = f"{reply.enhanced} {text.encode()[:room].decode(errors='ignore')}{tail}"
    whole = f"{line} {link}"
    fits = len(whole.encode()) <= LONGEST_REPLY_LINE
    return (ReplyCode(reply.code, (whole,) if fits else (line, f"{reply.enhanced} {link}")),)


def failed(failure: UnavailableError) -> Decision:
    """What is decided when a part of ours fails: the sender keeps the mail and comes back."""
    return Decision(f"unavailable-{failure.part}", replies.TEMPORARY_FAILURE.fill(log=str(failure)))
