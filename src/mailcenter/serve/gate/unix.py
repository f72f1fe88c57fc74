"""Asking daemons on this machine: one that restarts is waited for a moment, a message goes out without being copied."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from mailcenter.serve.gate.ports import UnavailableError

RETRY_FOR: Final = 3.0
"""Seconds in which a refused connection is tried again; more would only hold the senders while a daemon is dead."""
_PAUSE: Final = 0.1
_PIECES_AT_ONCE: Final = 512  # the kernel takes 1024 (sendmsg(2), IOV_MAX)
_READ_SIZE: Final = 64 * 1024

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
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as connection:
        await _patiently(part, partial(_connect, connection, path))
        dialogue = _Dialogue(part, connection, pieces, is_whole, longest)
        try:
            return await dialogue.answered
        finally:
            dialogue.end()


async def _connect(connection: socket.socket, path: Path) -> None:
    connection.connect(str(path))  # to a unix socket it is done at once or not at all


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


class _Dialogue:
    """One question and its answer on a connected socket; a transport and a task would cost more than the dialogue."""

    def __init__(
        self,
        part: str,
        connection: socket.socket,
        pieces: Sequence[bytes],
        is_whole: Callable[[bytearray], bool],
        longest: int,
    ) -> None:
        self._part = part
        self._connection = connection
        self._left: deque[bytes | memoryview] = deque(pieces)
        self._is_whole = is_whole
        self._longest = longest
        self._answer = bytearray()
        self._loop = asyncio.get_running_loop()
        self._is_waiting_to_send = False
        self.answered: asyncio.Future[bytes] = self._loop.create_future()
        self._loop.add_reader(connection, self._receive)
        self._send()

    def end(self) -> None:
        """Nothing more is sent or heard."""
        self._loop.remove_reader(self._connection)
        self._stop_sending()

    def _send(self) -> None:
        try:
            while self._left:
                self._drop(self._connection.sendmsg(list(islice(self._left, _PIECES_AT_ONCE))))
        except BlockingIOError:
            if not self._is_waiting_to_send:
                self._is_waiting_to_send = True
                self._loop.add_writer(self._connection, self._send)
            return
        except OSError:
            pass  # it wants no more; what it says, or the end of the connection, tells why
        self._stop_sending()

    def _drop(self, sent: int) -> None:
        """Forget what has gone out."""
        while self._left and sent >= len(self._left[0]):
            sent -= len(self._left.popleft())
        if sent:
            self._left[0] = memoryview(self._left[0])[sent:]

    def _stop_sending(self) -> None:
        if self._is_waiting_to_send:
            self._is_waiting_to_send = False
            self._loop.remove_writer(self._connection)

    def _receive(self) -> None:
        try:
            data = self._connection.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(f"connection broken: {error}")
            return
        self._answer += data
        if len(self._answer) > self._longest:
            self._fail("the answer is too long")
        elif (not data or self._is_whole(self._answer)) and not self.answered.done():
            self.answered.set_result(bytes(self._answer))

    def _fail(self, reason: str) -> None:
        if not self.answered.done():
            self.answered.set_exception(UnavailableError(self._part, reason))


def retrieve(task: asyncio.Task[Any]) -> None:
    """Take note of a failure that nobody waits for any more, so that asyncio does not report it as forgotten."""
    if not task.cancelled():
        task.exception()
