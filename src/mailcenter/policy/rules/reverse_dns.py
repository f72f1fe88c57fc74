"""The client has a name, and that name leads back to its address. Without an answer it comes again."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import NO_DNS_ANSWER, NO_REVERSE_DNS, REVERSE_DNS_DIFFERS
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    session = facts.mail.session
    if session.client is None or session.client.dnswl:
        return None
    match session.client.reverse:
        case "missing":
            return NO_REVERSE_DNS.fill(client=session.client_address)
        case "unconfirmed":
            return REVERSE_DNS_DIFFERS.fill(client=session.client_address, name=session.client.ptr)
        case "unanswered":
            return NO_DNS_ANSWER.fill(what=f"ip address {session.client_address}")
    return None


RULE = Rule(
    "reverse-dns",
    "The client has a forward-confirmed reverse DNS name",
    "promise A4; RFC 8601 3",
    check,
    reputation=True,
)
