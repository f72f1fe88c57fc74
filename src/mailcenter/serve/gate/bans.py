"""The bans in force as a worker knows them: read whole from PostgreSQL when they change, asked without a question.

While PostgreSQL is away those known last count on; each ends at its time by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from mailcenter.policy.bans import Ban, Cause
from mailcenter.policy.networks import NetworkMap
from mailcenter.policy.rulebook import RuleBook
from mailcenter.serve.gate.database import Database
from mailcenter.serve.gate.ports import UnavailableError

CHANNEL: Final = "bans_changed"
MOST: Final = 100_000
"""Bans known at once at the most, those that last longest."""
_PAUSE: Final = 1.0
"""Seconds between two readings: a flood of bans must not become a flood of questions."""
_IN_FORCE: Final = f"SELECT network, cause, ends_at FROM engine.gate_ban ORDER BY ends_at DESC LIMIT {MOST}"  # noqa: S608 - constants
_BAN: Final = "SELECT engine.ban(%s, %s, %s, %s, %s, %s)"
_MINUTE: Final = 60

log = logging.getLogger("gate")


class PostgresBans:
    """Implements `ports_memory.Bans`; `now` gives the time in UTC."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._known: NetworkMap[Ban] = NetworkMap()
        self._changed = asyncio.Event()
        self._changed.set()
        database.on_change(self._changed.set, CHANNEL)

    def of(self, client: str) -> Ban | None:
        found = self._known.find(client)
        return found if found is not None and found.ends_at > self._now() else None

    async def ban(self, network: str, cause: Cause, offences: int, book: RuleBook) -> None:
        """Shut a network out for as long as the book says.

        Raises:
            UnavailableError: PostgreSQL did not take it.
        """
        minutes, longest = book.figure("ban", "duration"), book.figure("ban", "longest")
        ((ends_at,),) = await self._database.rows(
            _BAN, network, cause, offences, minutes * _MINUTE, longest * _MINUTE, book.figure("ban", "repeat_days")
        )
        log.warning("ban %s until %s: %s (%d)", network, ends_at, cause, offences)

    async def follow(self) -> None:
        """Read anew at each change, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                rows = await self._database.rows(_IN_FORCE)
            except UnavailableError as failure:
                log.warning("bans are not known anew: %s", failure)
                self._changed.set()
            else:
                self._known = NetworkMap((network, Ban(network, cause, ends_at)) for network, cause, ends_at in rows)
            await asyncio.sleep(_PAUSE)
