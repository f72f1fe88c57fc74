"""One DNS message to a name server and its answer, by dnspython: for what is off the hot path."""

from __future__ import annotations

import asyncio

import dns.message
from dns.exception import DNSException
from dns.message import Message

NoAnswerError = (OSError, DNSException)
"""What `exchange` raises: the server cannot be reached, or what it says is no answer to the question."""


async def exchange(address: str, port: int, question: Message) -> Message:
    """Over UDP from a connected socket, so that a dead server shows at once; the caller sets the time limit.

    Raises:
        OSError, DNSException: no answer, one that cannot be read, or a truncated one.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[bytes] = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Listener(answered), remote_addr=(address, port))
    try:
        transport.sendto(question.to_wire())
        answer = dns.message.from_wire(await answered, raise_on_truncation=True)
    finally:
        transport.close()
    if not question.is_response(answer):
        raise OSError("the answer is to another question")
    return answer


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[bytes]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self._answered.done():
            self._answered.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)
