"""Whoever is logged in sends from an address of his own.

The null reverse-path passes: mail programs use it for receipts (RFC 8098 section 3); the author rule still holds.
"""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MailFacts
from mailcenter.policy.replies import NOT_YOUR_ADDRESS
from mailcenter.policy.rule import Rule


def check(facts: MailFacts) -> Reply | None:
    if not facts.session.login or facts.mail_from is None:
        return None
    if facts.sender is not None and facts.sender.owns(facts.mail_from):
        return None
    return NOT_YOUR_ADDRESS.fill(address=facts.mail_from, login=facts.session.login)


RULE = Rule("own-sender", "Users send from their own addresses only", "RFC 6409 section 6.1", check, switchable=False)
