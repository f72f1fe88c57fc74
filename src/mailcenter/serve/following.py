"""Follow the database on one connection: look at once, when a channel tells of a change, and every few seconds.

A daemon that does nothing else is a `Follower`; others take the parts.
"""

from __future__ import annotations

import asyncio
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, Final

import psycopg

from mailcenter.settings.identities import DATABASE, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_FIRST_PAUSE: Final = 0.2


class Follower:
    """A daemon of one thread. It looks by `look`, and is told by `failed` in one line why that did not work."""

    channel: ClassVar[str]
    longest_pause: ClassVar[float]
    """Seconds between two tries to reach PostgreSQL."""

    def __init__(self, settings: Settings, *, name: str, user: str) -> None:
        """`name`: as PostgreSQL shows it; `user`: as whom the daemon runs, whose role it logs in as."""
        self._login = (
            f"host={paths(settings).postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE}"
            f" user={ROLE_OF_USER[user]} application_name={name} connect_timeout=5 options='-c statement_timeout=60s'"
        )
        self.stopping = threading.Event()

    def stop(self) -> None:
        """End after what is in hand."""
        self.stopping.set()

    def run(self) -> None:
        """Until `stop`; what fails is tried again."""
        follow(
            self._login,
            self.channel,
            self.look,
            failed=self.failed,
            stop=self.stopping,
            longest_pause=self.longest_pause,
        )

    def look(self, connection: psycopg.Connection[Any]) -> float:
        """What is to be done; the seconds until the next look at the latest."""
        raise NotImplementedError

    def failed(self, why: str) -> None:
        raise NotImplementedError


def follow(
    conninfo: str,
    channel: str,
    look: Callable[[psycopg.Connection[Any]], float],
    *,
    failed: Callable[[str], None],
    stop: threading.Event,
    longest_pause: float,
) -> None:
    """Until `stop`; while PostgreSQL is away, try to connect again, ever more seldom.

    Args:
        look: what is to be done, on a connection without a transaction; the seconds until the next look at the latest.
        failed: told in one line why a connection or a look failed.
        longest_pause: seconds between two tries.
    """
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            with psycopg.connect(conninfo, autocommit=True) as connection:
                connection.execute(f"LISTEN {channel}".encode())
                while not stop.is_set():
                    wait = look(connection)
                    pause = _FIRST_PAUSE
                    wait_for_word(connection, wait)
        except (psycopg.Error, OSError) as error:
            failed(str(error).strip().partition("\n")[0])
            stop.wait(pause)
            pause = min(2 * pause, longest_pause)


def wait_for_word(connection: psycopg.Connection[Any], seconds: float) -> None:
    """Until a channel that is listened to tells something, at most so long. psycopg itself looks ten times a second.

    Raises:
        psycopg.Error: the connection has ended.
    """
    if not list(connection.notifies(timeout=0)):
        readiness = select.poll()
        readiness.register(connection.fileno(), select.POLLIN)
        readiness.poll(1000 * seconds)
        list(connection.notifies(timeout=0))


async def hear_word(connection: psycopg.AsyncConnection[Any], seconds: float) -> None:
    """As `wait_for_word`, in an event loop."""
    if not await _has_heard(connection):
        with suppress(TimeoutError):
            await asyncio.wait_for(readable(connection.fileno()), seconds)
        await _has_heard(connection)


async def _has_heard(connection: psycopg.AsyncConnection[Any]) -> bool:
    return bool([word async for word in connection.notifies(timeout=0)])


async def readable(descriptor: int) -> None:
    """Until there is something to be read, which the end of a connection is as well."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
