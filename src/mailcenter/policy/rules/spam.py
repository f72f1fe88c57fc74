"""The spam score is below the threshold of refusal. Who is logged in is told how to get help."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import OUTGOING_SPAM, SPAM
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    session = facts.mail.session
    if facts.score < session.limits.refuse_score:
        return None
    score = f"{facts.score:.1f}"
    if not session.login:
        return SPAM.fill(score=score)
    where = f"see {session.limits.help_url}" if session.limits.help_url else "ask our support and name this reference"
    return OUTGOING_SPAM.fill(score=score, help=where)


RULE = Rule("spam", "Not clearly spam", "seed 2", check)
