"""Networks that the operators refuse."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.replies import NETWORK_REFUSED
from mailcenter.policy.rule import Rule


def check(facts: RcptFacts) -> Reply | None:
    session = facts.mail.session
    if session.service != "mx" or session.network != "refuse":
        return None
    return NETWORK_REFUSED.fill(client=session.client_address)


RULE = Rule("network-list", "The client's network is not refused by the operators", "seed 4", check)
