"""The rules about what is remembered: rates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mailcenter.mail.address import Address
from mailcenter.policy import table
from mailcenter.policy.client_network import neighbourhood, own_network
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rule import first_objection
from mailcenter.policy.rulebook import RuleBook, RuleChange
from mailcenter.policy.rules import rate
from tests.unit.policy.known import MAIL, MX, RCPT

FEW = {"client_mails": 3, "sender_mails": 2, "recipient_mails": 1}


def book(rule: str, **figures: float) -> RuleBook:
    return rule_book({}, [RuleChange(rule, True, figures)])


def remembered(rules: RuleBook, **known: Any) -> RcptFacts:
    return replace(RCPT, mail=replace(MAIL, session=replace(MX, book=rules)), memory=MemoryFacts(**known))


@pytest.mark.parametrize(
    ("known", "figures", "expected"),
    [
        ({"client_mails": 3, "sender_mails": 2, "recipient_mails": 1}, FEW, None),
        ({"client_mails": 4}, FEW, ("rate", 451, "4.7.1")),
        ({"sender_mails": 3}, FEW, ("rate", 451, "4.7.1")),
        ({"recipient_mails": 2}, FEW, ("rate", 451, "4.7.1")),
        ({"client_mails": 10**6}, {"client_mails": 0}, None),
        ({"client_mails": 2001}, {}, ("rate", 451, "4.7.1")),
    ],
)
def test_rate(known: dict[str, int], figures: dict[str, float], expected: tuple[str, int, str] | None) -> None:
    decision = first_objection(table.MEMORY, remembered(book("rate", **figures), **known))
    assert (decision and (decision.rule, decision.reply.code, decision.reply.enhanced)) == expected


def test_rate_says_of_whom() -> None:
    rules = book("rate", **FEW)
    said = [
        first_objection(table.MEMORY, remembered(rules, **{name: 9}))
        for name in ("client_mails", "sender_mails", "recipient_mails")
    ]
    assert [decision.reply.text for decision in said if decision] == [
        "too many mails from ip address 192.0.2.1",
        "too many mails from <a@b.test>",
        "too many mails to <alice@demo.example>",
    ]


def test_rate_spares_a_human_and_clients_let_through() -> None:
    over = remembered(book("rate", **FEW), client_mails=9)
    spared = replace(over, mail=replace(over.mail, session=replace(over.mail.session, network="allow")))
    assert first_objection(table.MEMORY, spared) is None
    assert first_objection(table.MEMORY, replace(over, rcpt_to=Address("abuse", "demo.example"))) is None


def test_nothing_is_counted_for_nobody() -> None:
    nothing = dict.fromkeys(FEW, 0.0)
    assert rate.counts(book("rate"))
    assert not rate.counts(book("rate", **nothing))
    assert not rate.counts(rule_book({}, [RuleChange("rate", False)]))


@pytest.mark.parametrize(
    ("address", "own", "near"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1:2::/64"),
    ],
)
def test_networks_of_a_client(address: str, own: str, near: str) -> None:
    assert (own_network(address), neighbourhood(address)) == (own, near)
