"""Following without a database: it is tried again, and the daemon still hears that it is to end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from mailcenter.serve.following import follow


def test_a_database_that_is_away_is_tried_again_until_the_end() -> None:
    stop, said = threading.Event(), list[str]()

    def failed(why: str) -> None:
        said.append(why)
        if len(said) == 3:
            stop.set()

    def look(connection: psycopg.Connection[object]) -> float:
        raise AssertionError("there is no database")

    follow("host=/nonexistent dbname=x", "changes", look, failed=failed, stop=stop, longest_pause=0.01)
    assert len(said) == 3
    assert all("/nonexistent" in why and "\n" not in why for why in said)


class _Played:
    """A connection whose channel has a word at once, and that breaks at its third look."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __enter__(self) -> _Played:
        return self

    def __exit__(self, *_: object) -> None:
        self.said.append("closed")

    def execute(self, question: bytes) -> None:
        self.said.append(question.decode())

    def notifies(self, *, timeout: float) -> list[str]:
        self.said.append(f"hears for {timeout}")
        return ["changed"]


def test_a_look_after_each_word_and_a_new_connection_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, played, failures = threading.Event(), _Played(), list[str]()
    monkeypatch.setattr(psycopg, "connect", lambda conninfo, autocommit: played)
    looks: Iterator[float | psycopg.Error] = iter([5.0, 0.0, psycopg.OperationalError("gone\nfar away"), 5.0])

    def look(connection: psycopg.Connection[object]) -> float:
        now = next(looks)
        if isinstance(now, Exception):
            raise now
        if failures:
            stop.set()
        return now

    follow("", "changes", look, failed=failures.append, stop=stop, longest_pause=0.01)
    assert failures == ["gone"]
    assert played.said == [
        "LISTEN changes",
        "hears for 0",
        "hears for 0",
        "closed",
        "LISTEN changes",
        "hears for 0",
        "closed",
    ]
