"""Which accounts' sessions have been ended, as their password was changed or they were closed: told by PostgreSQL.

Postfix cannot be told to hang up. So a session of submission that began before that is answered 421 at its next step,
with which Postfix ends it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from mailcenter.serve.gate.database import Database

CHANNEL: Final = "submission_ends"
MOST: Final = 10_000
"""Logins kept at the most."""


class SessionEnds:
    """Implements `ports.SessionEnds`; `ticks` gives seconds of a steady clock."""

    def __init__(self, database: Database, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._at: dict[str, float] = {}
        self._all_at = -math.inf
        database.on_word(self.note, CHANNEL)

    def is_over(self, login: str, began: float) -> bool:
        return began <= max(self._all_at, self._at.get(login.lower(), -math.inf))

    def note(self, login: str) -> None:
        """The login's sessions end now; with an empty one all that have begun, as something may have been missed."""
        if login and len(self._at) < MOST:
            self._at[login.lower()] = self._ticks()
        else:  # whoever is innocent comes back at once
            self._all_at = self._ticks()
            self._at.clear()
