"""The directory's memory: used only while changes are heard, emptied by each, bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from mailcenter.mail.address import parse_address
from mailcenter.policy.facts import KnownRecipient
from mailcenter.serve.gate import directory as module
from mailcenter.serve.gate.directory import PostgresDirectory

ROWS = {
    "alice@demo.example": ("alice@demo.example", "mailbox", 1, 2, 10, True),
    "a+b@demo.example": ("a+b@demo.example", "alias", 1, 2, None, True),
    "@catch.example": ("@catch.example", "catch-all", 1, 3, None, True),
    "off@catch.example": ("off@catch.example", "mailbox", 1, 3, 11, False),
}
DOMAINS = {"demo.example": (1, 2, True), "catch.example": (1, 3, True)}


class Tables:
    """Stands for the database."""

    def __init__(self) -> None:
        self.hears_changes = True
        self.asked: list[tuple[Any, ...]] = []
        self.changed: list[Callable[[], None]] = []

    def on_change(self, callback: Callable[[], None]) -> None:
        self.changed.append(callback)

    async def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        self.asked.append(parameters)
        await asyncio.sleep(0)
        (key,) = parameters
        if "gate_domain" in query:
            return [DOMAINS[key]] if key in DOMAINS else []
        if "gate_sender" in query:
            return [(1, 2, 10, ["alice@demo.example"])] if key == "alice@demo.example" else []
        if "domain_id = " in query:
            return [row for row in ROWS.values() if row[3] == key]
        return [ROWS[address] for address in key if address in ROWS]


def make() -> tuple[Tables, PostgresDirectory]:
    tables = Tables()
    return tables, PostgresDirectory(tables)  # type: ignore[arg-type] # the fake has what is used of Database


def look_up(directory: PostgresDirectory, *addresses: str) -> list[KnownRecipient | None]:
    async def run() -> list[KnownRecipient | None]:
        return [await directory.recipient(parse_address(address)) for address in addresses]

    return asyncio.run(run())


@pytest.mark.parametrize("limit", [100, 0])
def test_order_of_addresses(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE_DOMAIN", limit)
    _, directory = make()
    alice, with_detail, exact, unknown, foreign, caught, off = look_up(
        directory,
        "Alice@demo.example",
        "alice+x@demo.example",
        "a+b@demo.example",
        "a@demo.example",
        "alice@other.test",
        "any@catch.example",
        "off@catch.example",
    )
    assert alice is not None
    assert alice == with_detail
    assert alice.mailbox_id == 10
    assert exact is not None
    assert exact.kind == "alias"
    assert unknown is foreign is None
    assert caught is not None
    assert caught.kind == "catch-all"
    assert off is not None
    assert not off.active


@pytest.mark.parametrize("limit", [100, 0])
def test_asks_once(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE_DOMAIN", limit)
    tables, directory = make()
    look_up(directory, *["alice@demo.example", "nobody@demo.example", "x@other.test"] * 3)
    first = len(tables.asked)
    look_up(directory, *["alice@demo.example", "nobody@demo.example", "x@other.test"] * 3)
    assert len(tables.asked) == first <= 5


def test_guessing_costs_no_questions() -> None:
    tables, directory = make()
    look_up(directory, *(f"guess{number}@demo.example" for number in range(50)))
    assert len(tables.asked) == 2


def test_change_empties_the_memory() -> None:
    tables, directory = make()
    look_up(directory, "alice@demo.example")
    tables.changed[0]()
    look_up(directory, "alice@demo.example")
    assert len(tables.asked) == 4


def test_answer_from_before_a_change_is_not_kept() -> None:
    tables, directory = make()

    async def run() -> None:
        task = asyncio.create_task(directory.domain("demo.example"))
        await asyncio.sleep(0)
        tables.changed[0]()
        await task
        await directory.domain("demo.example")

    asyncio.run(run())
    assert len(tables.asked) == 2


def test_nothing_is_kept_while_changes_are_not_heard() -> None:
    tables, directory = make()
    tables.hears_changes = False
    look_up(directory, "alice@demo.example", "alice@demo.example")
    assert len(tables.asked) == 4


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 10)
    tables, directory = make()
    for number in range(30):
        asyncio.run(directory.domain(f"d{number}.test"))
    asyncio.run(directory.domain("d0.test"))
    assert len(tables.asked) == 31


def test_sender() -> None:
    tables, directory = make()
    sender = asyncio.run(directory.sender("Alice@demo.example"))
    assert sender is not None
    assert (sender.mailbox_id, sender.addresses) == (10, frozenset({"alice@demo.example"}))
    assert asyncio.run(directory.sender("bob@demo.example")) is None
    asyncio.run(directory.sender("alice@demo.example"))
    assert len(tables.asked) == 2
