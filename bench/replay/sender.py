"""Send every mail as another site's server would: a connection each, and again later on 4xx or a lost connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
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


async def send_all(
    sendings: list[Sending], target: Target, *, connections: int, deadline: float, progress: Callable[[int], None]
) -> None:
    """Until each mail is decided or `deadline` (monotonic) has passed; `progress` gets the number of those done."""
    waiting = iter(sendings)
    done = 0

    async def connection() -> None:
        nonlocal done
        for sending in waiting:
            await _send(sending, target, deadline)
            done += 1
            progress(done)

    await asyncio.gather(*(connection() for _ in range(connections)))
