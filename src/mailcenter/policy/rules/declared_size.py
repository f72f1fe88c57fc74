"""A message that says at MAIL that it is too large need not be sent."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MailFacts
from mailcenter.policy.replies import DECLARED_TOO_LARGE
from mailcenter.policy.rule import Rule


def check(facts: MailFacts) -> Reply | None:
    limit = facts.session.limits.message_size
    if facts.declared_size is not None and facts.declared_size > limit:
        return DECLARED_TOO_LARGE.fill(size=facts.declared_size, limit=limit)
    return None


RULE = Rule("declared-size", "The declared size is within the limit", "RFC 1870 section 6.1", check)
