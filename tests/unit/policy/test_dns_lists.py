"""DNS lists: the question, the weight of an answer, and which lists are asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailcenter.policy.dns_lists.answers import DnsList, is_refusal
from mailcenter.policy.dns_lists.shipped import SHIPPED, lists_in_force
from mailcenter.settings.model import Settings

PLAIN = DnsList("l.example", weight=1.5)
GRADED = DnsList("l.example", "allow", codes=(("127.0.*.1", 0.5), ("127.0.*.3", 2.0)))


def settings(**more: Any) -> Settings:
    return Settings.model_validate({"host_name": "a.example", "state_dir": Path("/nowhere"), **more})


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.13", "13.2.0.192.l.example"),
        ("2001:db8::f", "f" + 23 * ".0" + ".8.b.d.0.1.0.0.2.l.example"),
    ],
)
def test_question(address: str, name: str) -> None:
    assert PLAIN.question(address) == name


@pytest.mark.parametrize(
    ("dns_list", "answers", "weight"),
    [
        (PLAIN, (), 0.0),
        (PLAIN, ("127.0.0.2",), 1.5),
        (PLAIN, ("203.0.113.1",), 0.0),
        (PLAIN, ("127.255.255.254",), 0.0),
        (GRADED, ("127.0.5.1",), 0.5),
        (GRADED, ("127.0.5.1", "127.0.9.3"), 2.0),
        (GRADED, ("127.0.5.0",), 0.0),
    ],
)
def test_weight(dns_list: DnsList, answers: tuple[str, ...], weight: float) -> None:
    assert dns_list.weight_of(answers) == weight


@pytest.mark.parametrize(("answer", "refused"), [("127.255.255.252", True), ("127.0.0.2", False)])
def test_refusal_of_the_list(answer: str, refused: bool) -> None:
    assert is_refusal((answer,)) is refused


def test_shipped_lists_are_asked_unless_offline_and_each_has_its_terms() -> None:
    assert [dns_list.zone for dns_list in lists_in_force(settings())] == ["psbl.surriel.com"]
    assert lists_in_force(settings(dns={"offline": True})) == ()
    assert all(entry.terms for entry in SHIPPED)


def test_own_lists_replace_the_shipped_ones() -> None:
    own = [{"zone": "l.example", "codes": {"127.0.0.*": 3.0}}, {"zone": "off.example", "active": False}]
    expected = (DnsList("l.example", "block", 1.0, (("127.0.0.*", 3.0),)),)
    assert lists_in_force(settings(dns={"offline": True}, dns_lists=own)) == expected
    assert lists_in_force(settings(dns_lists=[])) == ()
