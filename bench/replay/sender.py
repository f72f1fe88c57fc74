"""Send every mail as another site's server would: a connection each, and again later on 4xx or a lost connection."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from bench.mails import Mail
from bench.smtp import Outcome, Target, attempt, dot_stuffed

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0


@dataclass
class Sending:
    """One mail's way out: every attempt, the last one deciding."""

    number: int
    mail: Mail
    recipient: str
    attempts: list[Outcome] = field(default_factory=list)

    @property
    def last(self) -> Outcome:
        return self.attempts[-1]

    @property
    def in_doubt(self) -> int:
        """Attempts of which nobody can know whether the mail was accepted (RFC 1047)."""
        return sum(outcome.in_doubt for outcome in self.attempts)

    @property
    def decided(self) -> bool:
        return bool(self.attempts) and (self.last.accepted or self.last.refused)


async def _send(sending: Sending, target: Target, deadline: float) -> None:
    stuffed = dot_stuffed(sending.mail.content)
    pause = _FIRST_PAUSE
    while not sending.decided and time.monotonic() < deadline:
        if sending.attempts:
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)
        mail = sending.mail
        sending.attempts.append(await attempt(target, mail.client, mail.mail_from, sending.recipient, stuffed))


class Pace:
    """How far the sending is, and how far it may go: mails from number `limit` on wait."""

    def __init__(self, limit: int) -> None:
        self.done = 0
        self._limit = limit
        self._changed = asyncio.Condition()

    @property
    def limit(self) -> int:
        """Mails from this number on wait."""
        return self._limit

    async def allowed(self, number: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: number < self._limit)

    async def allow(self, limit: int) -> None:
        async with self._changed:
            self._limit = limit
            self._changed.notify_all()

    async def count(self) -> None:
        async with self._changed:
            self.done += 1
            self._changed.notify_all()

    async def reached(self, number: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.done >= number)


async def send_all(sendings: list[Sending], target: Target, pace: Pace, *, connections: int, seconds: float) -> None:
    """Until each mail is decided, or undecided after so many seconds."""
    deadline = time.monotonic() + seconds
    waiting = iter(sendings)

    async def connection() -> None:
        for sending in waiting:
            await pace.allowed(sending.number)
            await _send(sending, target, deadline)
            await pace.count()

    await asyncio.gather(*(connection() for _ in range(connections)))
