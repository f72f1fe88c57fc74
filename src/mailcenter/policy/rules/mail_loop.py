"""A message that has passed more servers than any real way has is going round in a circle."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import TOO_MANY_HOPS
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    return TOO_MANY_HOPS.fill(hops=facts.hops) if facts.hops > facts.mail.session.limits.hops else None


RULE = Rule("mail-loop", "The message does not go round in a circle", "RFC 5321 section 6.3", check)
