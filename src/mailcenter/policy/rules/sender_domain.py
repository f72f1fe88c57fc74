"""An answer could reach the sender: his domain has an MX or an address, and does not say that it takes no mail."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import NO_DNS_ANSWER, NO_SENDER_DOMAIN, SENDER_TAKES_NO_MAIL
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    sender = facts.mail.mail_from
    if sender is None:
        return None
    match facts.mail.sender_domain:
        case "missing":
            return NO_SENDER_DOMAIN.fill(sender=sender, domain=sender.domain)
        case "takes-no-mail":
            return SENDER_TAKES_NO_MAIL.fill(sender=sender, domain=sender.domain)
        case "unanswered":
            return NO_DNS_ANSWER.fill(what=f"domain {sender.domain}")
    return None


RULE = Rule(
    "sender-domain",
    "The sender's domain exists and takes mail",
    "RFC 7505 section 4.2; RFC 3463 section 3.2 (X.1.8)",
    check,
    reputation=True,
)
