"""A recipient in one of our domains exists."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import NO_SUCH_RECIPIENT
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    if facts.domain is not None and facts.recipient is None:
        return NO_SUCH_RECIPIENT.fill(address=facts.rcpt_to)
    return None


RULE = Rule("unknown-recipient", "The recipient exists", "RFC 3463 section 3.2 (X.1.1)", check, switchable=False)
