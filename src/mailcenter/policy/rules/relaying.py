"""Mail from other servers is for our own domains; who wants to send to others must log in."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import RELAY_NOT_PERMITTED
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    if facts.mail.session.service == "submission" and facts.mail.session.login:
        return None
    return RELAY_NOT_PERMITTED.fill(address=facts.rcpt_to) if facts.domain is None else None


RULE = Rule("relaying", "No relaying for strangers", "RFC 5321 section 7.9", check, switchable=False)
