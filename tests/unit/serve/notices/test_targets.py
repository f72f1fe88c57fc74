"""Who is told: the mailboxes behind an address, through aliases and catch-alls, never somebody elsewhere."""

from __future__ import annotations

from mailcenter.serve.notices.targets import MOST_READERS, lookup_keys, readers

MAILBOXES = {"alice@demo.example": [1], "bob@demo.example": [2]}
ALIASES = {
    "info@demo.example": ["alice@demo.example", "bob@demo.example", "x@elsewhere.example"],
    "team@demo.example": ["info@demo.example", "team@demo.example"],
    "@other.example": ["bob+caught@demo.example"],
    "all@demo.example": [f"m{number}@demo.example" for number in range(200)],
}


def of(address: str) -> list[int]:
    def mailboxes(key: str) -> list[int]:
        return [int(key[1:-13]) + 100] if key[0] == "m" and key[1].isdigit() else MAILBOXES.get(key, [])

    return readers(address, mailboxes, lambda key: ALIASES.get(key, []))


def test_a_mailbox_by_any_spelling() -> None:
    assert of("Alice+shop@DEMO.example") == [1]


def test_an_alias_leads_to_each_mailbox_once_and_never_outside() -> None:
    assert of("info@demo.example") == [1, 2]


def test_a_circle_of_aliases_ends() -> None:
    assert of("team@demo.example") == [1, 2]


def test_a_catch_all() -> None:
    assert of("whatever@other.example") == [2]


def test_a_large_group_is_bounded() -> None:
    assert len(of("all@demo.example")) == MOST_READERS


def test_nobody() -> None:
    assert of("nobody@demo.example") == []
    assert of("no address") == []
    assert lookup_keys("a+b@c.example") == ["a+b@c.example", "a@c.example", "@c.example"]
