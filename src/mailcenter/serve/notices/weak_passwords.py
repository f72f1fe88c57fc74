"""Reminds the owners of weak passwords by the clock, whether they log in or not; each mail is written once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from psycopg import Connection

from mailcenter.passwords.policy import policy_of
from mailcenter.settings.model import Settings

EVERY: Final = 3600.0
"""Seconds between two looks: a policy that was changed is followed the same day."""


class WeakPasswords:
    """`now` is UTC."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._policy = policy_of(settings)
        self._most = settings.notices.most_per_day
        self._now = now
        self._next = 0.0

    def look_now_and_then(self, connection: Connection[Any]) -> None:
        """`look`, at most once in `EVERY` seconds."""
        if time.monotonic() >= self._next:
            self.look(connection)
            self._next = time.monotonic() + EVERY

    def look(self, connection: Connection[Any]) -> None:
        """Make notices for those whose last day is near or was lately; what they were told already is left out."""
        connection.execute(
            "SELECT engine.remind_weak_passwords(%s, %s, %s, %s)",
            (self._now().date(), self._policy.minimum_score, self._policy.deadline, self._most),
        )
