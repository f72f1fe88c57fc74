"""What is kept of logins. Equal ones of an hour are one entry with a count: a phone's thousand tries are one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from mailcenter.guard.attempt import Attempt
from mailcenter.policy.client_network import neighbourhood

Result = Literal["good", "wrong-password", "old-password", "refused", "locked"]
"""How an attempt ended, as the guard knows it. The directory adds `unknown` (no such account) and `disabled`."""
RESULTS: Final[tuple[Result, ...]] = get_args(Result)
MOST: Final = 10_000
"""Entries that wait for PostgreSQL at the most; what comes beyond is not kept."""


@dataclass(slots=True)
class Entry:
    """Equal attempts; `first` and `last` in seconds of the Unix epoch."""

    attempt: Attempt
    result: Result
    first: float
    last: float
    times: int = 1

    def plain(self, country: str) -> dict[str, Any]:
        """As `engine.note_logins` takes it."""
        attempt = self.attempt
        return {
            "login": attempt.login.replace("\0", ""),
            "service": attempt.service,
            "address": attempt.address,
            "network": attempt.network,
            "neighbourhood": neighbourhood(attempt.address),
            "country": country,
            "program": attempt.program,
            "result": self.result,
            "first": self.first,
            "last": self.last,
            "times": self.times,
        }


class Waiting:
    """Entries that are not in the database yet, bounded."""

    def __init__(self, most: int = MOST) -> None:
        self._entries: dict[tuple[str, ...], Entry] = {}
        self._most = most
        self.lost = 0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, attempt: Attempt, result: Result, now: float) -> None:
        """Note an attempt."""
        key = _key(attempt, result, now)
        known = self._entries.get(key)
        if known is not None:
            known.last = max(known.last, now)
            known.times += 1
        elif len(self._entries) < self._most:
            self._entries[key] = Entry(attempt, result, now, now)
        else:
            self.lost += 1

    def take(self) -> list[Entry]:
        """All of them; nothing waits afterwards."""
        entries, self._entries = list(self._entries.values()), {}
        return entries

    def put_back(self, entries: list[Entry]) -> None:
        """What the database did not take, before what has come since."""
        later, self._entries = self._entries, {}
        for entry in (*entries, *later.values()):
            key = _key(entry.attempt, entry.result, entry.last)
            known = self._entries.get(key)
            if known is not None:
                known.last, known.times = max(known.last, entry.last), known.times + entry.times
            elif len(self._entries) < self._most:
                self._entries[key] = entry
            else:
                self.lost += entry.times


def _key(attempt: Attempt, result: Result, at: float) -> tuple[str, ...]:
    return attempt.login, attempt.service, attempt.address, attempt.program, result, str(at // 3600)
