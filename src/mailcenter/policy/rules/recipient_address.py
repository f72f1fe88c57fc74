"""RCPT TO must be an address."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import BAD_RECIPIENT
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    if facts.rcpt_to is None:
        return BAD_RECIPIENT.fill(fault=facts.fault or "it is empty")
    return None


RULE = Rule("recipient-address", "The recipient is an address", "RFC 5321 section 4.1.2", check, switchable=False)
