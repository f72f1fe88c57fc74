"""A client that is not known yet comes back after a while. `policy/greylist.py` says who is known."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.greylist import GOOD, KEEP, KNOWN, NAME, WAIT, standing
from mailcenter.policy.replies import GREYLISTED
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import Threshold


def check(facts: RcptFacts) -> Reply | None:
    found = standing(facts)
    return GREYLISTED.fill(seconds=found.seconds) if found.word == "put-off" else None


RULE = Rule(
    NAME,
    "A client that is not known yet comes back after a while",
    "RFC 6647",
    check,
    thresholds={
        WAIT: Threshold(60, 0, 3600, "seconds", "until a second try is taken; 0: nothing is put off"),
        KEEP: Threshold(48, 1, 168, "hours", "within which the second try must come"),
        KNOWN: Threshold(35, 1, 365, "days", "that a client, a domain, a list, or who was written to is known"),
        GOOD: Threshold(
            5, 0, 1000, "mails", "taken as good from a client or a proven domain that make it known; 0: none do"
        ),
    },
    reputation=True,
)
