"""Asking daemons on this machine: one that restarts is waited for a moment, a message goes out without being copied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from mailcenter.serve.gate.ports import UnavailableError

RETRY_FOR: Final = 3.0
"""Seconds in which a refused connection is tried again; more would only hold the senders while a daemon is dead."""
_PAUSE: Final = 0.1

T = TypeVar("T")


async def connect(part: str, path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a unix socket.

    Raises:
        UnavailableError: nobody listens, now and for RETRY_FOR seconds.
    """
    return await _patiently(part, lambda: asyncio.open_unix_connection(path))


async def exchange(
    part: str, path: Path, pieces: Sequence[bytes], *, is_whole: Callable[[bytearray], bool], longest: int
) -> bytes:
    """Send all pieces on a connection of their own; what comes back until it is whole, or until the daemon closes.

    Raises:
        UnavailableError: nobody listens, the connection broke, or more than `longest` bytes came.
    """
    loop = asyncio.get_running_loop()
    dialogue = _Dialogue(part, pieces, is_whole, longest, loop.create_future())
    try:
        await _patiently(part, lambda: loop.create_unix_connection(lambda: dialogue, str(path)))
        return await dialogue.answered
    finally:
        dialogue.hang_up()


async def _patiently(part: str, attempt: Callable[[], Awaitable[T]]) -> T:
    """Connect, and try again for a while where nobody listens: a daemon that restarts is soon back."""
    loop = asyncio.get_running_loop()
    give_up = loop.time() + RETRY_FOR
    while True:
        try:
            return await attempt()
        except (ConnectionRefusedError, FileNotFoundError, BlockingIOError) as error:
            if loop.time() >= give_up:
                raise UnavailableError(part, f"no connection: {error}") from None
        except OSError as error:
            raise UnavailableError(part, f"no connection: {error}") from None
        await asyncio.sleep(_PAUSE)


class _Dialogue(asyncio.Protocol):
    """One question and its answer."""

    def __init__(
        self,
        part: str,
        pieces: Sequence[bytes],
        is_whole: Callable[[bytearray], bool],
        longest: int,
        answered: asyncio.Future[bytes],
    ) -> None:
        self._part = part
        self._pieces = pieces
        self._is_whole = is_whole
        self._longest = longest
        self._answer = bytearray()
        self._transport: asyncio.Transport | None = None
        self.answered = answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream's, but uvloop's have no such base
        self._transport.writelines(self._pieces)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self.answered.done():
            return
        if len(self._answer) > self._longest:
            self.answered.set_exception(UnavailableError(self._part, "the answer is too long"))
        elif self._is_whole(self._answer):
            self.answered.set_result(bytes(self._answer))

    def connection_lost(self, error: Exception | None) -> None:
        if self.answered.done():
            return
        if error is None:
            self.answered.set_result(bytes(self._answer))
        else:
            self.answered.set_exception(UnavailableError(self._part, f"connection broken: {error}"))

    def hang_up(self) -> None:
        """Close at once, whatever has not been sent yet."""
        if self._transport is not None:
            self._transport.abort()


def retrieve(task: asyncio.Task[Any]) -> None:
    """Take note of a failure that nobody waits for any more, so that asyncio does not report it as forgotten."""
    if not task.cancelled():
        task.exception()
