"""The recipient does not refuse the envelope sender."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import SENDER_DENIED
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    if facts.listed != "deny":
        return None
    return SENDER_DENIED.fill(address=facts.rcpt_to, sender=facts.mail.mail_from)


RULE = Rule("denied-sender", "The recipient accepts mail from this sender", "seed 4", check)
