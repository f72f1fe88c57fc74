"""Entries of the login history: equal ones are one, and what waits is bounded."""

from __future__ import annotations

import pytest

from mailcenter.guard.attempt import Attempt, program_of
from mailcenter.guard.history import Waiting

NOW = 1_800_000_000.0
PHONE = Attempt("imap", "192.0.2.7", "192.0.2.7", "alice@demo.example", "x", "Phone 3")
LAPTOP = Attempt("imap", "192.0.2.7", "192.0.2.7", "alice@demo.example", "y", "Laptop")


def test_equal_attempts_of_an_hour_are_one_entry() -> None:
    waiting = Waiting()
    for number in range(5):
        waiting.add(PHONE, "old-password", NOW + number)
    waiting.add(PHONE, "good", NOW)
    waiting.add(LAPTOP, "old-password", NOW)
    waiting.add(PHONE, "old-password", NOW + 3600)
    found = [(entry.attempt.program, entry.result, entry.times, entry.last - NOW) for entry in waiting.take()]
    assert found == [
        ("Phone 3", "old-password", 5, 4),
        ("Phone 3", "good", 1, 0),
        ("Laptop", "old-password", 1, 0),
        ("Phone 3", "old-password", 1, 3600),
    ]
    assert len(waiting) == 0


def test_what_was_not_taken_waits_on_and_is_joined() -> None:
    waiting = Waiting()
    waiting.add(PHONE, "good", NOW)
    taken = waiting.take()
    waiting.add(PHONE, "good", NOW + 1)
    waiting.put_back(taken)
    (entry,) = waiting.take()
    assert (entry.times, entry.first, entry.last) == (2, NOW, NOW + 1)


def test_what_waits_is_bounded_and_the_loss_is_counted() -> None:
    waiting = Waiting(most=1)
    waiting.add(PHONE, "good", NOW)
    waiting.add(PHONE, "good", NOW)
    waiting.add(LAPTOP, "good", NOW)
    assert (len(waiting), waiting.lost) == (1, 1)


@pytest.mark.parametrize(
    ("client_id", "program"),
    [
        ('"name" "Thunderbird" "version" "128.0"', "Thunderbird 128.0"),
        ('"NAME" "iPhone Mail" "version" "21A" "os" "iOS"', "iPhone Mail 21A (iOS)"),
        ('"os" "Linux"', "(Linux)"),
        ('"vendor" "somebody"', ""),
        ("", ""),
        (None, ""),
        ('"name" "' + "x" * 5000 + '"', ""),
        ('"name" "' + "x" * 500 + '"', "x" * 80),
        ('"name" "a\tb\u202e"', "ab"),
    ],
)
def test_the_program_of_an_id(client_id: object, program: str) -> None:
    assert program_of(client_id) == program
