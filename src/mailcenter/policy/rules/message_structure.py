"""The message has no more parts than any honest one: a scanner takes time for each."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import TOO_COMPLEX
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    limit = facts.mail.session.limits.parts
    return TOO_COMPLEX.fill(fault=f"more than {limit} parts") if facts.parts > limit else None


RULE = Rule("message-structure", "The parts are not excessive in number", "RFC 3463 section 3.7 (X.6.0)", check)
