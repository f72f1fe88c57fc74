"""Whoever is logged in writes under an address of his own: the author field is what recipients see.

A redirected mail keeps its author; then Resent-From says who sent it (RFC 5322 section 3.6.6), and that one is judged.
"""

from __future__ import annotations

from mailcenter.mail.address import AddressError, parse_address
from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import KnownSender, MessageFacts
from mailcenter.policy.replies import AUTHOR_NOT_YOURS
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    login = facts.mail.session.login
    if not login:
        return None
    for author in facts.header_from:
        if not _owns(facts.mail.sender, author):
            return AUTHOR_NOT_YOURS.fill(address=author, login=login)
    return None


def _owns(sender: KnownSender | None, author: str) -> bool:
    try:
        return sender is not None and sender.owns(parse_address(author))
    except AddressError:
        return False


RULE = Rule("own-author", "Users write under their own addresses only", "RFC 6409 section 8.1", check, switchable=False)
