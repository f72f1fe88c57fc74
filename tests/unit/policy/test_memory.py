"""The rules about what is remembered: rates, and the greylist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mailcenter.mail.address import Address
from mailcenter.policy import greylist, table
from mailcenter.policy.client_network import neighbourhood, own_network
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.facts_client import ClientFacts, Listing
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.platform_book import defaults_of, rule_book
from mailcenter.policy.rule import first_objection
from mailcenter.policy.rulebook import RuleBook, RuleChange
from mailcenter.policy.rules import rate
from mailcenter.policy.treatment import ListWord
from mailcenter.settings.model import Settings
from tests.unit.policy.known import MAIL, MESSAGE, MX, RCPT

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


# --- greylisting

FIRST: dict[str, Any] = {"waited": 0.0}


def greylisted(listed: ListWord = "", dnswl: bool = False, **known: Any) -> RcptFacts:
    facts = remembered(book("greylist"), **known)
    client = ClientFacts(dnswl=(Listing("good.example", 1.0),) if dnswl else ())
    session = replace(facts.mail.session, client=client)
    return replace(facts, mail=replace(facts.mail, session=session), listed=listed)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (greylisted(), ""),
        (greylisted(**FIRST), "put-off"),
        (greylisted(waited=59.9), "put-off"),
        (greylisted(waited=60.0), "waited"),
        (greylisted(client_passed=True), "passed"),
        (greylisted(wrote=True), "wrote"),
        (greylisted(dnswl=True, **FIRST), "dnswl"),
        (greylisted(client_good=5, **FIRST), "good-client"),
        (greylisted(client_good=4, **FIRST), "put-off"),
        (greylisted(domain_good=5, **FIRST), "proof-owed"),
        (greylisted(domain_good=4, **FIRST), "put-off"),
        (greylisted(listed="allow", **FIRST), "proof-owed"),
        (greylisted(domain_good=5, waited=61.0), "waited"),
    ],
)
def test_standing(facts: RcptFacts, word: str) -> None:
    assert greylist.standing(facts).word == word
    decision = first_objection(table.MEMORY, facts)
    expected = ("greylist", 451, "4.7.1") if word == "put-off" else None
    assert (decision and (decision.rule, decision.reply.code, decision.reply.enhanced)) == expected


def test_greylisted_clients_are_told_how_long() -> None:
    decision = first_objection(table.MEMORY, greylisted(waited=17.2))
    assert decision is not None
    assert decision.reply.text == "greylisted, try again in 43 seconds"


def test_an_owed_proof_is_asked_for_after_the_scan() -> None:
    unproven = replace(MESSAGE, unproven_wait=43)
    decision = first_objection(table.AFTER_SCAN, unproven)
    assert decision is not None
    assert (decision.rule, decision.reply.code) == ("greylist-proof", 451)
    named = first_objection(table.AFTER_SCAN, replace(unproven, findings=("Eicar",)))
    assert named is not None
    assert named.rule == "virus", "what is refused for good is not put off first"
    assert first_objection(table.AFTER_SCAN, MESSAGE) is None


@pytest.mark.parametrize("change", [RuleChange("greylist", False), RuleChange("greylist", True, {"wait": 0})])
def test_no_greylist_where_it_is_off(change: RuleChange) -> None:
    rules = rule_book({}, [change])
    assert not greylist.is_asked(rules)
    assert greylist.standing(remembered(rules, waited=0.0)).word == ""


def test_no_record_counts_where_operators_say_so() -> None:
    facts = remembered(book("greylist", good_mails=0), waited=0.0, client_good=999, domain_good=999)
    assert greylist.standing(facts).word == "put-off"


def test_a_demo_puts_nothing_off() -> None:
    demo = Settings(host_name="mail.demo.example", state_dir=Path("/nonexistent"), demo=True)
    assert not greylist.is_asked(rule_book(defaults_of(demo)))
    assert greylist.is_asked(rule_book(defaults_of(demo.model_copy(update={"demo": False}))))
