"""The recipients do not refuse the message's author. Where some do and some do not, it is Junk for those who do."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import SENDER_DENIED
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    if not facts.recipients or any(recipient.listed != "deny" for recipient in facts.recipients):
        return None
    return SENDER_DENIED.fill(address=facts.recipients[0].address, sender=", ".join(facts.header_from))


RULE = Rule("denied-author", "The recipients accept mail from this author", "seed 4", check)
