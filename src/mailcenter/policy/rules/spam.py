"""The spam score is below the threshold of refusal. Who is logged in is told how to get help.

A message to several is refused when every one of them would refuse it alone; else `policy/treatment.py` says what each
gets.
"""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts, RecipientFacts
from mailcenter.policy.replies import OUTGOING_SPAM, SPAM
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import Threshold
from mailcenter.policy.treatment import JUNK, REFUSE, RULE_NAME


def check(facts: MessageFacts) -> Reply | None:
    session = facts.mail.session
    score = f"{facts.score:.1f}"
    if session.login:
        if facts.score < facts.book.figure(RULE_NAME, REFUSE):
            return None
        help_url = session.limits.help_url
        return OUTGOING_SPAM.fill(
            score=score, help=f"see {help_url}" if help_url else "ask our support and name this reference"
        )
    refused = bool(facts.recipients) and all(_would_refuse(facts, recipient) for recipient in facts.recipients)
    return SPAM.fill(score=score) if refused else None


def _would_refuse(facts: MessageFacts, recipient: RecipientFacts) -> bool:
    if recipient.listed == "allow" and facts.aligned:
        return False
    return facts.score >= recipient.treatment.refuses_from(facts.book)


RULE = Rule(
    RULE_NAME,
    "Not clearly spam",
    "seed 2",
    check,
    thresholds={
        JUNK: Threshold(6.0, 0.0, 999.0, "points", "from this score on a mail is suspicious"),
        REFUSE: Threshold(9.0, 0.0, 999.0, "points", "from this score on a mail is refused"),
    },
    reputation=True,
)
