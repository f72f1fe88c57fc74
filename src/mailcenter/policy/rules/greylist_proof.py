"""A mail that was not put off for its sender's sake proves the sender, or it is put off after all."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import GREYLISTED
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    return GREYLISTED.fill(seconds=facts.unproven_wait) if facts.unproven_wait else None


RULE = Rule(
    "greylist-proof",
    "Who is let past the greylist for his domain's sake proves it",
    "RFC 6647; RFC 7208; RFC 6376",
    check,
    reputation=True,
)
