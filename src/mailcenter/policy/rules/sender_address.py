"""MAIL FROM must be an address, or the null reverse-path."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MailFacts
from mailcenter.policy.replies import BAD_SENDER
from mailcenter.policy.rule import Rule


def check(facts: MailFacts) -> Reply | None:
    return BAD_SENDER.fill(fault=facts.fault) if facts.fault else None


RULE = Rule(
    "sender-address",
    "The sender is an address, or empty for notices",
    "RFC 5321 section 4.1.2",
    check,
    switchable=False,
)
