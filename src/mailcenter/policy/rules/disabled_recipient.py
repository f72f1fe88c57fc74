"""A recipient in one of our domains is switched on."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import DOMAIN_DISABLED, MAILBOX_DISABLED
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    if facts.domain is not None and not facts.domain.active:
        return DOMAIN_DISABLED.fill(address=facts.rcpt_to)
    if facts.recipient is not None and not facts.recipient.active:
        return MAILBOX_DISABLED.fill(address=facts.rcpt_to)
    return None


RULE = Rule(
    "disabled-recipient", "The recipient is switched on", "RFC 3463 section 3.3 (X.2.1)", check, switchable=False
)
