"""One connection to Redis (RESP2): commands go out as they come, answers are given out in the same order.

hiredis packs and parses. redis-py's connections, made for every use of Redis, cost twice the CPU.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast

import hiredis

Value = str | bytes | int | float
Error = hiredis.ReplyError
"""A refusal of Redis, as an answer."""


class Connection(asyncio.Protocol):
    """`ask` while `is_open`; a question that nobody waits for any more takes its answer with it."""

    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, command: tuple[Value, ...]) -> asyncio.Future[Any]:
        """The answer to come; texts are bytes, a refusal is an `Error`. ConnectionError where the connection ends."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        if self._transport is None or self._transport.is_closing():
            answer.set_exception(ConnectionResetError("the connection has ended"))
        else:
            self._waiting.append(answer)
            self._transport.write(hiredis.pack_command(command))  # type: ignore[arg-type]  # it takes any number of values
        return answer

    def close(self) -> None:
        """End it; who waits is told."""
        if self._transport is not None:
            self._transport.abort()
        self._end("the connection was given up")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.feed(data)
            while (answer := self._reader.gets()) is not False:
                waiting = self._waiting.popleft()
                if not waiting.done():
                    waiting.set_result(answer)
        except (hiredis.ProtocolError, IndexError):  # that is not Redis
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection has ended{f': {exc}' if exc else ''}")

    def _end(self, reason: str) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_exception(ConnectionResetError(reason))
