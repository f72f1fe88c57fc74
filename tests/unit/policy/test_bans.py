"""Bans: what counts, what is forgiven, what a banned client is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mailcenter.policy import bans, table
from mailcenter.policy.facts import BanFacts
from mailcenter.policy.platform_book import DEFAULT_BOOK, rule_book
from mailcenter.policy.rule import first_objection
from mailcenter.policy.rulebook import RuleChange
from tests.unit.policy.known import MAIL, MX

BANNED = replace(MAIL, session=replace(MX, ban=BanFacts("harvesting", 12)))


def test_a_banned_client_is_told() -> None:
    decision = first_objection(table.MAIL, BANNED)
    assert decision is not None
    assert (decision.rule, decision.reply.code, decision.reply.enhanced) == ("ban", 421, "4.7.0")
    assert decision.reply.text == (
        "ip address 192.0.2.1 is banned for a while (too many unknown recipients), try again in 12 minutes"
    )


def test_clients_let_through_are_not_banned() -> None:
    spared = replace(BANNED, session=replace(BANNED.session, network="allow"))
    assert first_objection(table.MAIL, spared) is None


@pytest.mark.parametrize(
    ("objections", "counted"),
    [
        ([], {}),
        ([("spam", 554), ("virus", 554), ("rate", 451)], {}),
        ([("unknown-recipient", 550)] * 3 + [("", 250)], {"unknown": 3}),
        ([("dnsbl", 421)] * 3, {"refused": 1}),
        ([("dnsbl", 451), ("reverse-dns", 451)], {}),
        ([("relaying", 550), ("recipient-address", 501)], {"errors": 2}),
        ([("helo", 550), ("unknown-recipient", 550)], {"refused": 1, "unknown": 1}),
    ],
)
def test_what_counts(objections: list[tuple[str, int]], counted: dict[str, int]) -> None:
    assert dict(bans.offences_in(objections)) == counted


@pytest.mark.parametrize(
    ("counted", "cause"),
    [
        ({}, None),
        ({"unknown": 29}, None),
        ({"unknown": 30}, ("harvesting", 30)),
        ({"unknown": 30, "good": 1}, None),
        ({"unknown": 35, "good": 1}, ("harvesting", 35)),
        ({"refused": 50}, ("refused", 50)),
        ({"errors": 31}, ("errors", 31)),
        ({"unknown": 20, "refused": 20, "errors": 20}, None),
    ],
)
def test_cause(counted: dict[str, int], cause: tuple[str, int] | None) -> None:
    assert bans.cause_of(counted, DEFAULT_BOOK) == cause


def test_figures_of_zero_and_the_switch() -> None:
    none = rule_book({}, [RuleChange("ban", True, {"unknown_recipients": 0, "refused_mails": 0, "errors": 0})])
    assert bans.cause_of({"unknown": 10**6, "refused": 10**6, "errors": 10**6}, none) is None
    assert not bans.is_watched(none)
    assert not bans.is_watched(rule_book({}, [RuleChange("ban", False)]))
    assert bans.is_watched(DEFAULT_BOOK)
