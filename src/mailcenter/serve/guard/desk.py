"""Joins what services tell with memory and judgement; says in the log when a lockout begins and ends (seed 3)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mailcenter.guard.attempt import Attempt, is_within
from mailcenter.guard.figures import Figures
from mailcenter.guard.judge import ALLOW, Answer, after, before
from mailcenter.serve.guard.memory import Memory

log = logging.getLogger("guard")


class Desk:
    """`now` gives seconds of the Unix epoch. Every method raises UnavailableError where the memory does not answer."""

    def __init__(self, memory: Memory, figures: Figures, now: Callable[[], float]) -> None:
        self.memory = memory
        self._figures = figures
        self._now = now

    async def before(self, attempt: Attempt) -> Answer:
        """May this attempt be made?"""
        if is_within(attempt.address, self._figures.never):
            return ALLOW
        return before(await self.memory.before(attempt), self._figures)

    async def report(self, attempt: Attempt, *, success: bool) -> None:
        """Note how an attempt ended, and lock its network out where it has guessed too often."""
        if success:
            await self.memory.success(attempt)
            return
        if is_within(attempt.address, self._figures.never):
            return
        failure = await self.memory.failure(attempt)
        if seconds := after(failure, self._figures):
            await self.lock(attempt.service, attempt.network, seconds, guesses=failure.different)

    async def lock(self, service: str, network: str, seconds: float, *, guesses: int = 0) -> None:
        """Lock a network out of a service from now on."""
        await self.memory.lock(service, network, seconds, now=self._now(), guesses=guesses)
        log.warning("Ban %s %s for %d s after %d different guesses", network, service, seconds, guesses)

    async def lift(self, service: str, network: str) -> bool:
        """Whether there was a lockout to lift."""
        lifted = await self.memory.lift(service, network)
        if lifted:
            log.warning("Unban %s %s, lifted", network, service)
        return lifted

    async def tell_ended(self) -> None:
        """Log the lockouts that have ended by themselves."""
        for service, network in await self.memory.ended():
            log.warning("Unban %s %s", network, service)
