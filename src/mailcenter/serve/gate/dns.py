"""The gate's questions to the resolver, with a bounded memory per worker.

What is remembered is answered without a task or a timer; who asks what is being asked already waits for that answer.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

from mailcenter.policy.client_network import parsed
from mailcenter.serve.gate import dns_wire
from mailcenter.serve.gate.dns_channel import Channel
from mailcenter.serve.gate.dns_wire import Kind, Reply
from mailcenter.serve.gate.metrics import DNS_FAILURES
from mailcenter.serve.gate.ports import MailHost, UnavailableError

PART: Final = "dns"
MOST_ANSWERS: Final = 20_000
"""Answers kept at the most; then the memory begins anew."""
LONGEST_MEMORY: Final = 300.0
"""Seconds an answer is kept at the most; the resolver beside us remembers longer."""
NEGATIVE_MEMORY: Final = 15.0
"""Seconds at the least for which it is remembered that there is nothing, whatever the zone says."""
_EXPECTED: Final = 2.0
"""For how many times the time for a question an answer that is not to be remembered is held for who expects it."""
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[ -\-/-~]{1,63}(\.[ -\-/-~]{1,63})*\Z")
"""What is asked about: printable ASCII labels, as macros of SPF make them (RFC 1035 section 2.3.4 for the lengths)."""

_Key = tuple[str, Kind]


class _Answer(msgspec.Struct, frozen=True):
    """`exists`: False for NXDOMAIN. `until`: ticks up to which it is true. `failure`: why there is no answer."""

    records: tuple[Any, ...] = ()
    exists: bool = False
    until: float = 0.0
    failure: str = ""


_NO_NAME: Final = _Answer()


class Resolver:
    """Implements `ports.Dns`. `timeout`: seconds for one question with all its tries."""

    def __init__(self, address: str, port: int, *, timeout: float, ticks: Callable[[], float] = time.monotonic) -> None:
        self._place = (address, port)
        self._timeout = timeout
        self._ticks = ticks
        self._memory: dict[_Key, _Answer] = {}
        self._held: dict[_Key, _Answer] = {}
        """Failures, and what lives for no time, for the first who asks about what is expected."""
        self._waiting: dict[_Key, list[asyncio.Future[_Answer]]] = {}
        """Who waits for the answers to questions on their way."""
        self._channel: Channel | None = None

    async def a(self, name: str) -> tuple[str, ...]:
        return (await self._answer(name, "A")).records

    async def aaaa(self, name: str) -> tuple[str, ...]:
        return (await self._answer(name, "AAAA")).records

    async def ptr(self, address: str) -> tuple[str, ...]:
        return (await self._answer(parsed(address).reverse_pointer, "PTR")).records

    async def mx(self, name: str) -> tuple[MailHost, ...]:
        found = (await self._answer(name, "MX")).records
        return tuple(sorted(found, key=lambda host: (host.preference, host.name))) if len(found) > 1 else found

    async def txt(self, name: str) -> tuple[str, ...]:
        return (await self._answer(name, "TXT")).records

    async def exists(self, name: str) -> bool:
        return (await self._answer(name, "A")).exists

    def expect(self, name: str, kind: Kind) -> None:
        """Put a question to which the answer will be wanted in a moment, unless it is known or on its way."""
        key = (name.lower().removesuffix("."), kind)
        if key not in self._waiting and self._known(key) is None and _NAME.match(key[0]):
            self._put(key)

    def close(self) -> None:
        """Give up what is still asked."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    async def _answer(self, name: str, kind: Kind) -> _Answer:
        key = (name.lower().removesuffix("."), kind)
        if key in self._waiting and self._channel is not None:
            self._channel.read()  # the answer to what was expected wakes nobody
        if (known := self._known(key)) is not None:
            return known
        held = self._held.pop(key, None)
        if held is not None and held.until > self._ticks():
            return _certain(held)
        if not _NAME.match(key[0]):
            return _NO_NAME
        waiter: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        if key in self._waiting:
            self._waiting[key].append(waiter)
        else:
            self._put(key, waiter)
        return _certain(await (waiter if self._channel is None else self._channel.wait(waiter)))

    def _known(self, key: _Key) -> _Answer | None:
        known = self._memory.get(key)
        return known if known is not None and known.until > self._ticks() else None

    def _put(self, key: _Key, *waiters: asyncio.Future[_Answer]) -> None:
        self._waiting[key] = list(waiters)
        if self._channel is not None and self._channel.is_used_up:
            self._channel = None  # it closes itself
        try:
            if self._channel is None:
                self._channel = Channel(*self._place, timeout=self._timeout)
        except OSError as error:
            self._take(key, str(error))
        else:
            self._channel.ask(*key, lambda reply: self._take(key, reply))

    def _take(self, key: _Key, reply: Reply | str) -> None:
        """Remember an answer, and give it to those who wait for it."""
        waiters = self._waiting.pop(key)
        memory, lifetime = self._memory, _lifetime(reply) if isinstance(reply, Reply) else 0.0
        if not lifetime and not waiters:
            memory, lifetime = self._held, _EXPECTED * self._timeout
        until = self._ticks() + lifetime
        if isinstance(reply, Reply):
            answer = _Answer(reply.records, reply.code != dns_wire.NO_DOMAIN, until)
        else:
            DNS_FAILURES.labels(key[1]).inc()
            answer = _Answer(until=until, failure=f"{key[0]} {key[1]}: {reply}")
        if lifetime:
            if len(memory) >= MOST_ANSWERS:
                memory.clear()
            memory[key] = answer
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(answer)


def _certain(answer: _Answer) -> _Answer:
    if answer.failure:
        raise UnavailableError(PART, answer.failure)
    return answer


def _lifetime(reply: Reply) -> float:
    told = NEGATIVE_MEMORY if reply.lifetime is None else min(reply.lifetime, LONGEST_MEMORY)
    return told if reply.records else max(told, NEGATIVE_MEMORY)
