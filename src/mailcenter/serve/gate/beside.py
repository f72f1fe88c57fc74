"""What Rspamd leans on and does not report when it fails: Redis (Bayes, limits) and the resolver."""

from __future__ import annotations

import asyncio
import os
import struct
from pathlib import Path
from typing import Final

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.unix import connect, retrieve

_PING: Final = b"PING\r\n"
_PONG: Final = b"+PONG\r\n"
_DNS_HEADER: Final = struct.Struct(">HHHHHH")
_RECURSION_DESIRED: Final = 0x0100
_TYPE_A_CLASS_IN: Final = struct.pack(">HH", 1, 1)
_RCODE: Final = 0x0F
_ALIVE: Final = frozenset({0, 3})  # NOERROR, NXDOMAIN (RFC 1035 section 4.1.1)


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
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bytes] = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Answer(answered), remote_addr=(self._address, self._port)
        )
        question = os.urandom(2) + _question(os.urandom(8).hex())
        try:
            transport.sendto(question)
            answer = await answered
        except OSError as error:
            raise UnavailableError("resolver", f"no answer: {error}") from None
        finally:
            transport.close()
        if len(answer) < _DNS_HEADER.size or answer[:2] != question[:2] or answer[3] & _RCODE not in _ALIVE:
            raise UnavailableError("resolver", "cannot resolve names")


class _Answer(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[bytes]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self._answered.done():
            self._answered.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)


def _question(label: str) -> bytes:
    """A question for the address of a single label, without the id (RFC 1035 section 4.1)."""
    header = _DNS_HEADER.pack(0, _RECURSION_DESIRED, 1, 0, 0, 0)[2:]
    return header + bytes([len(label)]) + label.encode("ascii") + b"\0" + _TYPE_A_CLASS_IN
