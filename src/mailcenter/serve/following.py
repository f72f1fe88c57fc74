"""Follow the database on one connection: look at once, when a channel tells of a change, and every few seconds."""

from __future__ import annotations

import asyncio
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import psycopg

_FIRST_PAUSE: Final = 0.2


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
        select.select([connection], [], [], seconds)
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
