"""The message is within the size that we announce."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import TOO_LARGE
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    limit = facts.mail.session.limits.message_size
    return TOO_LARGE.fill(size=facts.size, limit=limit) if facts.size > limit else None


RULE = Rule("message-size", "The size is within the limit", "RFC 1870 section 6.3", check)
