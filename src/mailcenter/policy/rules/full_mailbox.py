"""The recipient's mailbox has room: what it cannot hold is not taken, and so never bounced to a forged sender later."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import MAILBOX_FULL
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    if facts.recipient is not None and facts.recipient.full:
        return MAILBOX_FULL.fill(address=facts.rcpt_to)
    return None


RULE = Rule("full-mailbox", "The recipient's mailbox has room", "RFC 3463 section 3.3 (X.2.2)", check)
