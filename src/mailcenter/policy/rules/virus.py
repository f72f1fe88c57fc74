"""The virus scanner found nothing."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import INFECTED
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    return INFECTED.fill(finding=", ".join(facts.findings)) if facts.findings else None


RULE = Rule("virus", "No malware", "seed 4", check, switchable=False)
