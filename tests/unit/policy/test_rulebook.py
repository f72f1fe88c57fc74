"""The rule book: switches, figures, and what has no effect."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mailcenter.mail.address import Address
from mailcenter.policy import table
from mailcenter.policy.facts import KnownDomain, RcptFacts
from mailcenter.policy.platform_book import DEFAULT_BOOK, rule_book
from mailcenter.policy.reference import replies_page, rules_page
from mailcenter.policy.replies import ALL
from mailcenter.policy.rule import first_objection
from mailcenter.policy.rulebook import RuleBook, RuleChange, Threshold
from tests.unit.policy.known import DOMAIN, MAIL, MESSAGE, MX, RCPT


def with_book(book: RuleBook) -> RcptFacts:
    return replace(RCPT, mail=replace(MAIL, session=replace(MX, book=book)), listed="deny")


def test_a_rule_that_is_off_is_not_asked() -> None:
    assert first_objection(table.RCPT, with_book(DEFAULT_BOOK)) is not None
    off = rule_book({}, [RuleChange("denied-sender", enabled=False)])
    assert not off.is_on("denied-sender")
    assert first_objection(table.RCPT, with_book(off)) is None


@pytest.mark.parametrize("name", [name for name, rule in table.BY_NAME.items() if not rule.switchable])
def test_what_safety_needs_stays_on(name: str) -> None:
    assert rule_book({}, [RuleChange(name, enabled=False)]).is_on(name)


def test_the_named_rules_cannot_be_switched_off() -> None:
    always = {"virus", "relaying", "unknown-recipient", "mta-resolution", "login-required", "own-sender"}
    assert not [name for name in always if table.BY_NAME[name].switchable]


def test_figures_from_file_configuration_and_operators() -> None:
    assert DEFAULT_BOOK.figure("spam", "junk_score") == 6.0
    configured = {("spam", "junk_score"): 5.0}
    assert rule_book(configured).figure("spam", "junk_score") == 5.0
    changed = rule_book(configured, [RuleChange("spam", enabled=True, thresholds={"junk_score": 4})])
    assert changed.figure("spam", "junk_score") == 4.0
    assert changed.figure("spam", "refuse_score") == 9.0


@pytest.mark.parametrize("value", [-1, 1000, "7", None, True, float("nan")])
def test_a_figure_out_of_its_bounds_has_no_effect(value: object) -> None:
    book = rule_book({}, [RuleChange("spam", enabled=True, thresholds={"junk_score": value, "no_such": 3})])
    assert book == DEFAULT_BOOK
    assert not Threshold(1, 0, 999, "points", "x").accepts(value)


def test_a_rule_that_does_not_exist_any_more_has_no_effect() -> None:
    assert rule_book({}, [RuleChange("of-yesterday", enabled=False, thresholds={"x": 1})]) == DEFAULT_BOOK


@pytest.mark.parametrize(
    ("address", "human"),
    [("postmaster", True), ("Abuse", True), ("postmaster+x", True), ("alice", False), ("postmasters", False)],
)
def test_who_always_reaches_a_human(address: str, human: bool) -> None:
    facts = replace(RCPT, rcpt_to=Address(address, "demo.example"), domain=DOMAIN)
    assert (facts.to_human, facts.spared) == (human, human)
    assert not replace(facts, domain=None).spared


def test_an_allowed_network_spares_from_outside_only() -> None:
    assert replace(MX, network="allow").spared
    assert not replace(MX, network="allow", service="submission").spared
    assert not MX.spared
    assert not MESSAGE.spared
    assert not replace(RCPT, domain=KnownDomain(1, 2, active=True)).spared


def test_the_pages_hold_every_row() -> None:
    rules, replies = rules_page(), replies_page()
    assert not [name for name in table.BY_NAME if f"| `{name}` |" not in rules]
    assert not [name for name in ALL if f"| `{name}` |" not in replies]
