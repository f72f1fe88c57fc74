"""Asking daemons on this machine: one that restarts is waited for a moment, short questions go out at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from mailcenter.serve.gate.ports import UnavailableError

RETRY_FOR: Final = 3.0
"""Seconds in which a refused connection is tried again; more would only hold the senders while a daemon is dead."""
_PAUSE: Final = 0.1
_BUFFER: Final = 256 * 1024


async def connect(part: str, path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a unix socket.

    Raises:
        UnavailableError: nobody listens, now and for RETRY_FOR seconds.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + RETRY_FOR
    while True:
        try:
            return await asyncio.open_unix_connection(path, limit=_BUFFER)
        except (ConnectionRefusedError, FileNotFoundError, BlockingIOError) as error:
            if loop.time() >= give_up:
                raise UnavailableError(part, f"no connection: {error}") from None
        except OSError as error:
            raise UnavailableError(part, f"no connection: {error}") from None
        await asyncio.sleep(_PAUSE)


def together(parts: Iterable[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """The same bytes in portions of `size` or a little more: a short message then goes out by one system call."""
    portion: list[bytes] = []
    length = 0
    for part in parts:
        portion.append(part)
        length += len(part)
        if length >= size:
            yield b"".join(portion)
            portion, length = [], 0
    if portion:
        yield b"".join(portion)


def retrieve(task: asyncio.Task[Any]) -> None:
    """Take note of a failure that nobody waits for any more, so that asyncio does not report it as forgotten."""
    if not task.cancelled():
        task.exception()
