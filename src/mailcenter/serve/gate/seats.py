"""How many sessions of submission an account has at once, from all addresses and at all nodes together: in Redis.

Dovecot's anvil knows none of them, and Postfix's counts by address only. A session counts from its first mail on.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from mailcenter.serve.gate.memory import seats_key
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.redis import Redis, script

_SEAT: Final = script("seat")
_LONGEST_MAIL: Final = 600
"""Seconds that one mail may take; a session whose worker died counts no longer than this and its longest silence."""

log = logging.getLogger("gate")


class Seats:
    """Implements `ports.Seats`. `silence`: seconds after which Postfix ends a session."""

    def __init__(self, redis: Redis, *, most: int, silence: int) -> None:
        self.most = most
        self._redis = redis
        self._lasts = silence + _LONGEST_MAIL
        self.leaving: set[asyncio.Task[None]] = set()

    async def take(self, login: str, session: str) -> bool:
        try:
            return bool(await self._redis.run(_SEAT, (seats_key(login),), (session, self._lasts, self.most)))
        except UnavailableError as failure:  # no reason to let nobody send
            log.warning("sessions of submission are not counted: %s", failure)
            return True

    def give_up(self, login: str, session: str) -> None:
        task = asyncio.create_task(self._leave(login, session))
        self.leaving.add(task)
        task.add_done_callback(self.leaving.discard)

    async def _leave(self, login: str, session: str) -> None:
        try:
            await self._redis.run(_SEAT, (seats_key(login),), (session, 0, self.most))
        except UnavailableError as failure:  # it counts until its time is over
            log.warning("a session of submission counts on: %s", failure)
