"""No more mails within a while than a client, a sender may send, and a recipient is to get."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import TOO_MANY_FROM_CLIENT, TOO_MANY_FROM_SENDER, TOO_MANY_TO_RECIPIENT
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook, Threshold

NAME = "rate"
WINDOW = "window"
_CLIENT, _SENDER, _RECIPIENT = "client_mails", "sender_mails", "recipient_mails"


def counts(book: RuleBook) -> bool:
    """Whether anything is to be counted."""
    return book.is_on(NAME) and any(book.figure(NAME, limit) for limit in (_CLIENT, _SENDER, _RECIPIENT))


def check(facts: RcptFacts) -> Reply | None:
    memory, mail, book = facts.memory, facts.mail, facts.book
    if memory is None:
        return None
    if _is_over(book, _CLIENT, memory.client_mails):
        return TOO_MANY_FROM_CLIENT.fill(client=mail.session.client_address)
    if _is_over(book, _SENDER, memory.sender_mails):
        return TOO_MANY_FROM_SENDER.fill(sender=mail.mail_from)
    if _is_over(book, _RECIPIENT, memory.recipient_mails):
        return TOO_MANY_TO_RECIPIENT.fill(address=facts.rcpt_to)
    return None


def _is_over(book: RuleBook, limit: str, mails: int) -> bool:
    most = book.figure(NAME, limit)
    return 0 < most < mails


RULE = Rule(
    NAME,
    "Not too many mails from one client or sender, or to one recipient",
    "seed 4",
    check,
    thresholds={
        WINDOW: Threshold(600, 10, 86400, "seconds", "within which mails are counted"),
        _CLIENT: Threshold(2000, 0, 1e6, "mails", "from a client (IPv4 address or IPv6 /64); 0: any number"),
        _SENDER: Threshold(1000, 0, 1e6, "mails", "from an envelope sender; 0: any number"),
        _RECIPIENT: Threshold(500, 0, 1e6, "mails", "to a recipient; 0: any number"),
    },
    reputation=True,
)
