"""The policy's memory: what people decided, read once and anew after a change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from mailcenter.mail.address import parse_address
from mailcenter.policy.facts import KnownRecipient
from mailcenter.policy.treatment import AS_PLATFORM, Treatment
from mailcenter.serve.gate import policy as module
from mailcenter.serve.gate.policy import PostgresPolicy
from mailcenter.serve.gate.ports import UnavailableError

T = TypeVar("T")
ALICE = KnownRecipient("mailbox", 1, 2, 10, active=True)
BOB = KnownRecipient("mailbox", 1, 2, 11, active=True)
SALES = KnownRecipient("alias", 1, 2, None, active=True)
TREATMENTS = {
    (2, 10): (2, 10, 3.5, None, "mark", None, False, ["exe"], "refuse"),
    (2, None): (2, None, None, 8.0, None, None, None, None, None),
}
ENTRIES = [("deny", "domain", "bad.test", None, 10), ("allow", "address", "al@bad.test", None, 10)]


class Tables:
    """Stands for the database."""

    def __init__(self) -> None:
        self.hears_changes = True
        self.down = False
        self.asked: list[str] = []
        self.changed: list[Callable[[], None]] = []
        self.rules: list[tuple[Any, ...]] = [("spam", True, {"junk_score": 4})]

    def on_change(self, callback: Callable[[], None]) -> None:
        self.changed.append(callback)

    async def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        await asyncio.sleep(0)
        if self.down:
            raise UnavailableError("postgres", "is down")
        self.asked.append(query)
        if "gate_rule" in query:
            return self.rules
        if "gate_network" in query:
            return [("192.0.2.0/24", "refuse")]
        if "gate_treatment" in query:
            return [row for key, row in TREATMENTS.items() if parameters in ((), key)]
        if not parameters:
            return list(ENTRIES)
        patterns, _domain_id, mailbox_id = parameters
        return [entry for entry in ENTRIES if entry[2] in patterns and entry[4] == mailbox_id]


def make() -> tuple[Tables, PostgresPolicy]:
    tables = Tables()
    return tables, PostgresPolicy(tables, {("spam", "refuse_score"): 12.0})  # type: ignore[arg-type] # a fake


def ask(question: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(question)


def test_rules_and_networks_are_read_once_until_a_change() -> None:
    tables, policy = make()
    book = ask(policy.book())
    assert (book.figure("spam", "junk_score"), book.figure("spam", "refuse_score")) == (4.0, 12.0)
    assert ask(policy.networks()).word("192.0.2.7") == "refuse"
    assert len(tables.asked) == 2
    tables.rules = []
    tables.changed[0]()
    assert ask(policy.book()).figure("spam", "junk_score") == 6.0


def test_last_rules_serve_while_postgres_is_away() -> None:
    tables, policy = make()
    tables.down = True
    with pytest.raises(UnavailableError):
        ask(policy.book())
    tables.down = False
    book = ask(policy.book())
    tables.changed[0]()
    tables.down = True
    assert ask(policy.book()) is book
    tables.hears_changes = False
    tables.asked.clear()
    assert ask(policy.book()) is book
    assert tables.asked == []


@pytest.mark.parametrize("whole", [100, 0], ids=["whole table", "row by row"])
def test_treatments(whole: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE", whole)
    tables, policy = make()
    for _ in range(2):
        assert ask(policy.treatment(ALICE)) == Treatment(3.5, None, "mark", None, False, ("exe",), "refuse")
        assert ask(policy.treatment(SALES)) == Treatment(refuse_score=8.0)
        assert ask(policy.treatment(BOB)) is AS_PLATFORM
    assert len(tables.asked) == (1 if whole else 4)


@pytest.mark.parametrize("whole", [100, 0], ids=["whole table", "row by row"])
def test_sender_entries(whole: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE", whole)
    tables, policy = make()
    for _ in range(2):
        assert ask(policy.sender_word(ALICE, parse_address("x@bad.test"))) == "deny"
        assert ask(policy.sender_word(ALICE, parse_address("Al@bad.test"))) == "allow"
        assert ask(policy.sender_word(BOB, parse_address("x@bad.test"))) == ""
    assert len(tables.asked) == (1 if whole else 4)


def test_nothing_is_kept_while_changes_are_not_heard() -> None:
    tables, policy = make()
    tables.hears_changes = False
    ask(policy.treatment(ALICE))
    ask(policy.treatment(ALICE))
    assert len(tables.asked) == 2
    tables.down = True
    with pytest.raises(UnavailableError):
        ask(policy.treatment(ALICE))


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE", 0)
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    _, policy = make()
    for number in range(6):
        ask(policy.sender_word(BOB, parse_address(f"{number}@other.test")))
        ask(policy.treatment(KnownRecipient("mailbox", 1, 2, 100 + number, active=True)))
    kept = policy._memory
    assert len(kept.words) <= 2
    assert kept.treatments is not None
    assert len(kept.treatments) <= 2
