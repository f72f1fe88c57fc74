"""One transaction has a bounded number of recipients; the sender brings the others in the next."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import TOO_MANY_RECIPIENTS
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    limit = facts.mail.session.limits.recipients
    return TOO_MANY_RECIPIENTS.fill(limit=limit) if facts.accepted >= limit else None


RULE = Rule(
    "recipient-count", "No more recipients at once than allowed", "RFC 5321 section 4.5.3.1.10", check, switchable=False
)
