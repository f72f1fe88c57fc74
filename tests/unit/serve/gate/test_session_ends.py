"""Which sessions are over: those that began before the end of their login's was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from mailcenter.serve.gate.database import Database
from mailcenter.serve.gate.session_ends import CHANNEL, MOST, SessionEnds


class Clock:
    now = 100.0

    def ticks(self) -> float:
        return self.now

    def on_word(self, callback: Callable[[str], None], channel: str) -> None:
        assert channel == CHANNEL


def ends(clock: Clock) -> SessionEnds:
    return SessionEnds(cast("Database", clock), clock.ticks)


def test_sessions_of_the_login_from_before_are_over() -> None:
    known = ends(Clock())
    assert not known.is_over("anna@demo.example", 50)
    known.note("Anna@demo.example")
    assert known.is_over("anna@demo.example", 50)
    assert known.is_over("ANNA@demo.example", 100)
    assert not known.is_over("anna@demo.example", 101)
    assert not known.is_over("ben@demo.example", 50)


def test_where_something_may_have_been_missed_all_are_over() -> None:
    known = ends(Clock())
    known.note("")
    assert known.is_over("ben@demo.example", 50)
    assert not known.is_over("ben@demo.example", 101)


def test_what_is_kept_is_bounded() -> None:
    clock = Clock()
    known = ends(clock)
    for number in range(MOST):
        known.note(f"{number}@demo.example")
    assert not known.is_over("ben@demo.example", 50)
    clock.now = 200.0
    known.note("one more")
    assert known.is_over("ben@demo.example", 150)
    assert not known.is_over("0@demo.example", 201)
