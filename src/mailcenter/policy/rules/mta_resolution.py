"""Postfix resolves the recipient too, and both must agree: the second judge against relaying and against lost mail.

`error` as mailer means that Postfix refuses, or would bounce after acceptance; what is ours must go to our LMTP
transport.
"""

from __future__ import annotations

import re

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import DEFERRED_BY_MTA, REFUSED_BY_MTA, ROUTING_DIFFERS
from mailcenter.policy.rule import Rule

OUR_TRANSPORT = "lmtp"
_ENHANCED = re.compile(r"[45]\.\d{1,3}\.\d{1,3}\Z")


def check(facts: RcptFacts) -> Reply | None:
    if facts.mailer == "error":
        return _in_mta_words(facts)
    if facts.domain is not None and facts.mailer != OUR_TRANSPORT:
        return ROUTING_DIFFERS.fill(
            address=facts.rcpt_to, log=f"the directory knows the domain, but Postfix resolves to {facts.mailer!r}"
        )
    return None


def _in_mta_words(facts: RcptFacts) -> Reply:
    template = DEFERRED_BY_MTA if facts.next_hop.startswith("4") else REFUSED_BY_MTA
    filled = template.fill(address=facts.rcpt_to, text=facts.mailer_text, log="Postfix refuses by itself")
    if not _ENHANCED.match(facts.next_hop):
        return filled
    return Reply(filled.code, facts.next_hop, filled.text, filled.log)


RULE = Rule(
    "mta-resolution",
    "Postfix would deliver the recipient where the directory says",
    "promise A14",
    check,
    switchable=False,
)
