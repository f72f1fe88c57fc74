"""The gate's connections to PostgreSQL: a pool for questions, and one that listens for changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from mailcenter.serve.following import readable
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.unix import retrieve

CHANNEL: Final = "directory_changed"
_LISTEN_AGAIN: Final = 1.0
_READ_FOR: Final = 0.1
_POOL_SIZE: Final = 4
_RECONNECT: Final = 2.0
"""Seconds in which the pool tries a lost PostgreSQL again before it waits for the next question: its pauses grow with
each try, and would outlast a restart."""

log = logging.getLogger("gate")


class Database:
    """`rows` asks; `hears_changes` tells whether a change of the directory would be noticed at once."""

    def __init__(self, conninfo: str, *, timeout: float) -> None:
        self._conninfo = conninfo
        self._timeout = timeout
        self._pool = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=_POOL_SIZE,
            open=False,
            timeout=timeout,
            kwargs={"autocommit": True},
            reconnect_timeout=_RECONNECT,
        )
        self._listener: asyncio.Task[None] | None = None
        self._changed: dict[str, list[Callable[[], None]]] = {CHANNEL: []}
        """Callbacks by channel."""
        self._words: dict[str, Callable[[str], None]] = {}
        self.hears_changes = False

    def on_change(self, callback: Callable[[], None], channel: str = CHANNEL) -> None:
        """Call back at each change told on the channel, and whenever changes may have been missed."""
        self._changed.setdefault(channel, []).append(callback)

    def on_word(self, callback: Callable[[str], None], channel: str) -> None:
        """Call back with what is told on the channel; with an empty text once it is heard again after a gap."""
        self._words[channel] = callback

    async def open(self) -> None:
        """Start connecting; PostgreSQL need not be there yet."""
        await self._pool.open()
        self._listener = asyncio.create_task(self._listen_always())

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        await self._pool.close()

    async def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """The answer's rows. A restart breaks all connections at once: they are replaced, and one is asked again.

        Raises:
            UnavailableError: no answer within the time limit, or an error.
        """
        # Not by cancelling: psycopg answers that by waiting for the server, which may be what hangs.
        asking = asyncio.create_task(self._ask_twice(query, parameters))
        asking.add_done_callback(retrieve)
        await asyncio.wait({asking}, timeout=self._timeout)
        if not asking.done():
            raise UnavailableError("postgres", f"no answer in {self._timeout:g} s")
        try:
            return asking.result()
        except (psycopg.Error, PoolTimeout) as error:
            raise UnavailableError("postgres", f"{type(error).__name__}: {_first_line(error)}") from None

    async def _ask_twice(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            return await self._ask(query, parameters)
        except psycopg.OperationalError:
            await self._pool.check()
            return await self._ask(query, parameters)

    async def _ask(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(query.encode(), parameters)
            return await cursor.fetchall()

    async def _listen_always(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("directory changes are not heard: %s", _first_line(error))
            finally:
                self.hears_changes = False
                self._tell()
            await asyncio.sleep(_LISTEN_AGAIN)

    async def _listen(self) -> None:
        async with asyncio.timeout(self._timeout):
            connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        async with connection:
            for channel in (*self._changed, *self._words):
                await connection.execute(f"LISTEN {channel}".encode())
            self._tell()
            for take in self._words.values():
                take("")
            self.hears_changes = True
            while True:
                # By itself psycopg would look ten times a second whether there is something.
                await readable(connection.fileno())
                async for notification in connection.notifies(timeout=_READ_FOR):
                    if take_word := self._words.get(notification.channel):
                        take_word(notification.payload)
                    else:
                        self._tell(notification.channel)

    def _tell(self, channel: str = "") -> None:
        """Call back who waits for this channel; without one, all."""
        for name, callbacks in self._changed.items():
            if channel in ("", name):
                for callback in callbacks:
                    callback()


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
