"""What Rspamd leans on and does not report when it fails: Redis (Bayes, limits) and the resolver."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Final

import dns.message
from dns.rcode import NOERROR, NXDOMAIN

from mailcenter.serve.gate.dns_exchange import NoAnswerError, exchange
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.unix import connect, retrieve

_PING: Final = b"PING\r\n"
_PONG: Final = b"+PONG\r\n"
_ALIVE: Final = frozenset({NOERROR, NXDOMAIN})

TRUSTED: Final = 1.0
"""Seconds for which a sign of life of Redis counts, as long as its connection stays."""


class Redis:
    """Asks Redis for a sign of life on one kept connection; questions shortly after another share one answer.

    When Redis dies its connection ends, which shows at once. When it hangs, so does Rspamd, whose answer tells.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._trusted_until = 0.0

    async def check(self) -> None:
        """Raises UnavailableError unless Redis serves."""
        if self._is_trusted():
            return
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(retrieve)
        try:
            await asyncio.shield(self._asking)
        except asyncio.CancelledError:  # too slow for this mail: the next one asks on a new connection
            self._asking = None
            self._drop()
            raise

    def close(self) -> None:
        """Give the kept connection up."""
        self._drop()

    def _is_trusted(self) -> bool:
        return (
            self._streams is not None
            and not self._streams[0].at_eof()
            and asyncio.get_running_loop().time() < self._trusted_until
        )

    async def _ask(self) -> None:
        fresh = self._streams is None
        try:
            answer = await self._exchange()
            if answer == b"" and not fresh:  # Redis was restarted since the last question
                answer = await self._exchange()
        except BaseException:
            self._drop()
            raise
        if answer != _PONG:
            self._drop()
            raise UnavailableError("redis", f"answers {answer[:80]!r}")
        self._trusted_until = asyncio.get_running_loop().time() + TRUSTED

    async def _exchange(self) -> bytes:
        if self._streams is None:
            self._streams = await connect("redis", self._socket)
        reader, writer = self._streams
        try:
            writer.write(_PING)
            answer = await reader.readline()
        except OSError:
            answer = b""
        if not answer:
            self._drop()
        return answer

    def _drop(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Resolver:
    """Tells a dead resolver from a sender's broken zone: a name that cannot exist must get an answer."""

    def __init__(self, address: str, port: int) -> None:
        self._address = address
        self._port = port

    async def check(self) -> None:
        """Raises UnavailableError where the resolver fails; the caller sets the time limit."""
        question = dns.message.make_query(os.urandom(8).hex(), "A")
        try:
            answer = await exchange(self._address, self._port, question)
        except NoAnswerError as error:
            raise UnavailableError("resolver", f"no answer: {error}") from None
        if answer.rcode() not in _ALIVE:
            raise UnavailableError("resolver", "cannot resolve names")
