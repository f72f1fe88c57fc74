"""Logins by the clock and by their CPU time, and many sessions that wait in IDLE."""

from __future__ import annotations

import asyncio
import ssl
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bench import cpu
from bench.logins.imap import Session
from bench.logins.memory import kib_by_root

Login = tuple[str, str]
"""Address and password."""
AT_ONCE: Final = 8
_OPENERS: Final = 16
_REST_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Service:
    """Where to log in, and whose processes answer there."""

    port: int
    context: ssl.SSLContext
    roots: Callable[[], dict[str, int]]


@dataclass
class Logins:
    """Of several rounds; `seconds` of each login, from the connection to the answer."""

    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    shares: list[dict[str, float]] = field(default_factory=list)
    """CPU ms for each login by daemon."""
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Idle:
    """`kib`: for each session, by daemon; `told`: seconds from a new mail to its notice."""

    sessions: int
    kib: dict[str, float]
    seconds: list[float]
    told: list[float]


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


async def _log_in(service: Service, login: Login) -> float:
    started = time.monotonic()
    session = await Session.open(service.port, service.context)
    try:
        await session.log_in(*login)
        return time.monotonic() - started
    finally:
        await session.close()


async def logins(service: Service, whom: Sequence[Login], found: Logins) -> None:
    """One round: all of `whom`, a connection each, `AT_ONCE` at a time."""
    waiting = iter(whom)
    before, started = cpu.seconds_by_root(service.roots()), time.monotonic()

    async def client() -> None:
        for login in waiting:
            found.seconds.append(await _log_in(service, login))

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    found.per_second.append(len(whom) / (time.monotonic() - started))
    await asyncio.sleep(_REST_SECONDS)  # the history is written a moment later, and belongs to the logins
    used = cpu.difference(before, cpu.seconds_by_root(service.roots()))
    found.shares.append({name: 1000 * seconds / len(whom) for name, seconds in used.items()})
    found.cpu_ms.append(sum(found.shares[-1].values()))


async def idle(service: Service, whom: Sequence[Login], meanwhile: Sequence[Login], settle: float) -> Idle:
    """Open a session for each of `whom` and let it wait in IDLE; then log in, one after the other."""
    before = kib_by_root(service.roots())
    async with _waiting(service, whom) as sessions:
        await asyncio.sleep(settle)
        after = kib_by_root(service.roots())
        seconds = [await _log_in(service, login) for login in meanwhile]
        told = await _tell(service, whom, sessions)
    kib = {name: (after[name] - before.get(name, 0)) / len(whom) for name in after}
    return Idle(len(whom), dict(sorted(kib.items(), key=lambda item: -item[1])), seconds, told)


async def _tell(service: Service, whom: Sequence[Login], sessions: Sequence[Session]) -> list[float]:
    """A new mail for the first and the last that was opened: each session there hears of it, and works on."""
    seconds = []
    for login in (whom[0], whom[-1]):
        own = [session for session, its in zip(sessions, whom, strict=True) if its[0] == login[0]]
        writer = await Session.open(service.port, service.context)
        await writer.log_in(*login)
        started = time.monotonic()
        await writer.append(b"Subject: bench\r\n\r\nnew\r\n")

        async def told(session: Session, started: float = started) -> float:
            await session.told_of_mail()
            return time.monotonic() - started

        seconds += await asyncio.gather(*map(told, own))
        await writer.close()
        await asyncio.gather(*(session.work_on() for session in own))
    return seconds


@asynccontextmanager
async def _waiting(service: Service, whom: Sequence[Login]) -> AsyncIterator[list[Session]]:
    sessions: list[Session | None] = [None] * len(whom)
    numbered = iter(enumerate(whom))

    async def opener() -> None:
        for number, login in numbered:
            session = sessions[number] = await Session.open(service.port, service.context)
            await session.log_in(*login)
            await session.idle()

    try:
        await asyncio.gather(*(opener() for _ in range(_OPENERS)))
        yield [session for session in sessions if session]
    finally:
        await asyncio.gather(*(session.close() for session in sessions if session))
