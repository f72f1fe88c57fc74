"""The author's domain does not disown the message. Without an answer of the DNS nothing is refused for good.

Lists and forwarders are weighed before (`dmarc/evidence.py`); what is only to be put into Junk passes here.
"""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import DISOWNED_BY_AUTHOR, NO_DNS_ANSWER
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    dmarc = facts.dmarc
    match dmarc.action:
        case "reject":
            return DISOWNED_BY_AUTHOR.fill(author=dmarc.author, domain=dmarc.policy_domain, request=dmarc.request)
        case "defer":
            return NO_DNS_ANSWER.fill(what=f"domain {dmarc.author}")
    return None


RULE = Rule(
    "dmarc",
    "The author's domain does not disown the message",
    "RFC 9989 sections 5.3.6 and 7.4",
    check,
    reputation=True,
)
