"""The client's greeting is not plainly false."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.helo import FALSE
from mailcenter.policy.replies import FALSE_HELO
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    session = facts.mail.session
    if session.client is None or session.client.dnswl:
        return None
    for fault in session.client.helo_faults:
        if fault in FALSE:
            return FALSE_HELO.fill(helo=session.helo, fault=FALSE[fault])
    return None


RULE = Rule("helo", "The greeting does not pretend", "RFC 5321 section 4.1.1.1", check, reputation=True)
