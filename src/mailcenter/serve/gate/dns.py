"""The gate's questions to the resolver (c-ares by aiodns), with a bounded memory per worker."""

from __future__ import annotations

import asyncio
import re
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import aiodns
import pycares

from mailcenter.policy.client_network import parsed
from mailcenter.serve.gate.metrics import DNS_FAILURES
from mailcenter.serve.gate.ports import MailHost, UnavailableError

PART: Final = "dns"
MOST_ANSWERS: Final = 20_000
"""Answers kept at the most; then the memory begins anew, and with it c-ares', which has no bound of its own."""
LONGEST_MEMORY: Final = 300.0
"""Seconds an answer is kept at the most; the resolver beside us remembers longer."""
NEGATIVE_MEMORY: Final = 15.0
"""Seconds for which it is remembered that there is nothing. How long the zone allows (RFC 2308) c-ares does not tell;
hardly any allows less."""
_TRIES: Final = 2
_NO_DOMAIN: Final = frozenset({aiodns.error.ARES_ENOTFOUND, aiodns.error.ARES_EBADNAME})
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[!-\-/-~]{1,63}(\.[!-\-/-~]{1,63})*\Z")
"""What can stand in a question: printable ASCII labels (RFC 1035 section 2.3.4 for the lengths)."""

Kind = Literal["A", "AAAA", "PTR", "MX", "TXT"]


@dataclass(frozen=True, slots=True)
class _Answer:
    """`exists`: False for NXDOMAIN. `until`: ticks up to which it is true."""

    records: tuple[Any, ...]
    exists: bool
    until: float = 0.0


class _Channel(aiodns.DNSResolver):
    """c-ares in the event loop's own thread; one of its own, aiodns' first choice, costs two wake-ups a question."""

    def _make_channel(self, **kwargs: Any) -> tuple[bool, pycares.Channel]:
        this = weakref.ref(self)  # a strong one would keep channel and resolver alive together

        def watch(descriptor: int, readable: bool, writable: bool) -> None:
            if (resolver := this()) is not None:
                resolver._sock_state_cb(descriptor, readable, writable)

        return False, pycares.Channel(sock_state_cb=watch, timeout=self._timeout, **kwargs)


class Resolver:
    """Implements `ports.Dns`. `timeout`: seconds for one question with all its tries."""

    def __init__(self, address: str, port: int, *, timeout: float, ticks: Callable[[], float] = time.monotonic) -> None:
        self._server = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        self._timeout = timeout
        self._ticks = ticks
        self._memory: dict[tuple[str, Kind], _Answer] = {}
        self._asked = 0
        self._channel: aiodns.DNSResolver | None = None

    async def a(self, name: str) -> tuple[str, ...]:
        return tuple(str(data.addr) for data in (await self._ask(name, "A")).records)

    async def aaaa(self, name: str) -> tuple[str, ...]:
        return tuple(str(data.addr) for data in (await self._ask(name, "AAAA")).records)

    async def ptr(self, address: str) -> tuple[str, ...]:
        found = await self._ask(parsed(address).reverse_pointer, "PTR")
        return tuple(_plain(data.dname) for data in found.records)

    async def mx(self, name: str) -> tuple[MailHost, ...]:
        found = [MailHost(data.priority, _plain(data.exchange)) for data in (await self._ask(name, "MX")).records]
        return tuple(sorted(found, key=lambda host: (host.preference, host.name)))

    async def txt(self, name: str) -> tuple[str, ...]:
        return tuple(data.data.decode("latin-1") for data in (await self._ask(name, "TXT")).records)

    async def exists(self, name: str) -> bool:
        return (await self._ask(name, "A")).exists

    def close(self) -> None:
        """Give up what is still asked."""
        if self._channel is not None:
            self._channel.cancel()
            self._channel = None

    async def _ask(self, name: str, kind: Kind) -> _Answer:
        name = name.lower().removesuffix(".")
        if not _NAME.match(name):
            return _Answer((), exists=False)
        key = (name, kind)
        known = self._memory.get(key)
        if known is not None and known.until > self._ticks():
            return known
        answer = await self._question(name, kind)
        if answer.until:
            self._memory[key] = answer
        return answer

    async def _question(self, name: str, kind: Kind) -> _Answer:
        try:
            async with asyncio.timeout(self._timeout):
                result = await self._fresh_channel().query_dns(name, kind)
        except aiodns.error.DNSError as error:
            code = error.args[0]
            if code in _NO_DOMAIN:
                return _Answer((), exists=False, until=self._ticks() + NEGATIVE_MEMORY)
            if code == aiodns.error.ARES_ENODATA:
                return _Answer((), exists=True, until=self._ticks() + NEGATIVE_MEMORY)
            DNS_FAILURES.labels(kind).inc()
            raise UnavailableError(PART, f"{name} {kind}: {error.args[-1]}") from None
        except TimeoutError:
            DNS_FAILURES.labels(kind).inc()
            raise UnavailableError(PART, f"{name} {kind}: no answer in {self._timeout:g} s") from None
        wanted = aiodns.query_type_map[kind]
        records = [record for record in result.answer if record.type == wanted]
        lifetime = min((record.ttl for record in records), default=0)
        until = self._ticks() + min(lifetime, LONGEST_MEMORY) if lifetime else 0.0
        return _Answer(tuple(record.data for record in records), exists=True, until=until)

    def _fresh_channel(self) -> aiodns.DNSResolver:
        """The channel; a new one, with nothing remembered, after so many questions. The old one ends by itself."""
        if self._channel is None or self._asked >= MOST_ANSWERS:
            self._memory.clear()
            self._asked = 0
            self._channel = _Channel(
                [self._server],
                timeout=self._timeout / _TRIES,
                tries=_TRIES,
                flags=pycares.ARES_FLAG_EDNS | pycares.ARES_FLAG_NOSEARCH | pycares.ARES_FLAG_NOALIASES,
                lookups="b",
            )
        self._asked += 1
        return self._channel


def _plain(name: str) -> str:
    return name.lower().removesuffix(".")
