"""How many sessions an account has, from all addresses together: asked of Dovecot's anvil where it could be too many.

Since anvil was asked last, an account cannot have got more sessions than logins. So only who logs in that often, or
holds nearly all that he may, costs a question. Without an answer nobody is refused.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from mailcenter.serve.logins.anvil import sessions_of

log = logging.getLogger("logins")


class Crowd:
    """`most` sessions of one account; `ask` gives what anvil tells, or raises OSError."""

    def __init__(self, most: int, ask: Callable[[], Awaitable[str]]) -> None:
        self.most = most
        self._ask = ask
        self._counted: Counter[str] = Counter()
        self._since: Counter[str] = Counter()
        self._asking = asyncio.Lock()
        self._times = 0

    async def is_full(self, login: str) -> bool:
        """Whether the account has so many that this login is one too many; else it counts as a session from now on."""
        seen = self._times
        if self._counted[login] + self._since[login] >= self.most:
            async with self._asking:
                if self._times == seen:
                    await self._count(login)
            if self._counted[login] >= self.most:
                return True
        self._since[login] += 1
        return False

    async def _count(self, login: str) -> None:
        try:
            self._counted = sessions_of(await self._ask())
        except OSError as error:
            log.warning("sessions are not counted: %s", error)
            self._counted[login] = 0
        self._since = Counter()
        self._times += 1
