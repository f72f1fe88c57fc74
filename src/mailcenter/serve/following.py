"""Follow the database on one connection: look at once, when a channel tells of a change, and every few seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
                    for _ in connection.notifies(timeout=wait, stop_after=1):
                        break
        except (psycopg.Error, OSError) as error:
            failed(str(error).strip().partition("\n")[0])
            stop.wait(pause)
            pause = min(2 * pause, longest_pause)
