"""The submission service takes mail from authenticated users only."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MailFacts
from mailcenter.policy.replies import LOGIN_REQUIRED
from mailcenter.policy.rule import Rule


def check(facts: MailFacts) -> Reply | None:
    if facts.session.service == "submission" and not facts.session.login:
        return LOGIN_REQUIRED.fill()
    return None


RULE = Rule("login-required", "Users log in before they send", "RFC 6409 section 4.3", check, switchable=False)
