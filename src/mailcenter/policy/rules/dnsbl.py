"""DNS lists of bad senders: one listing's word defers, several or a heavy one refuse; lists of good ones count against.

A line of a household (by its name) adds a little, but is never a reason by itself.
"""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.helo import DYNAMIC_POOL
from mailcenter.policy.replies import BLACKLISTED, BLACKLISTED_FOR_SURE, NO_DNS_ANSWER
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import Threshold

_NAME = "dnsbl"
_DEFER, _REFUSE, _POOL = "defer_from", "refuse_from", "pool_weight"


def check(facts: RcptFacts) -> Reply | None:
    client, book = facts.mail.session.client, facts.book
    if client is None:
        return None
    address = facts.mail.session.client_address
    if client.resolver_dead and client.unanswered:
        return NO_DNS_ANSWER.fill(what=f"ip address {address}")
    if not client.dnsbl:
        return None
    points = sum(listing.weight for listing in client.dnsbl) - sum(listing.weight for listing in client.dnswl)
    if DYNAMIC_POOL in client.helo_faults:
        points += book.figure(_NAME, _POOL)
    lists = ", ".join(listing.list for listing in sorted(client.dnsbl, key=lambda each: -each.weight))
    if points >= book.figure(_NAME, _REFUSE):
        return BLACKLISTED_FOR_SURE.fill(client=address, lists=lists)
    if points >= book.figure(_NAME, _DEFER):
        return BLACKLISTED.fill(client=address, lists=lists)
    return None


RULE = Rule(
    _NAME,
    "DNS lists do not speak against the client",
    "seed 4; RFC 5782",
    check,
    thresholds={
        _DEFER: Threshold(1.0, 0.1, 999.0, "points", "from this weight of listings on a client is put off"),
        _REFUSE: Threshold(2.0, 0.1, 999.0, "points", "from this weight of listings on a client is refused"),
        _POOL: Threshold(0.5, 0.0, 999.0, "points", "what a name of a dial-in pool adds to a listing"),
    },
    reputation=True,
)
