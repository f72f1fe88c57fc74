"""Joins what services tell with memory and judgement; says in the log when a lockout begins and ends (seed 3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from mailcenter.guard.attempt import Attempt, is_within
from mailcenter.guard.figures import Figures
from mailcenter.guard.history import Result
from mailcenter.guard.judge import ALLOW, Answer, Lockout, after, before
from mailcenter.serve.guard.history import Begun
from mailcenter.serve.guard.memory import Memory

log = logging.getLogger("guard")


class Notes(Protocol):
    """Where logins are kept for people (`history.History`). `error`: why that fails now, empty where it does not."""

    error: str

    def note(self, attempt: Attempt, result: Result, now: float) -> None: ...

    def note_lockout(self, begun: Begun) -> None: ...


class Desk:
    """`now` gives seconds of the Unix epoch. Every method raises UnavailableError where the memory does not answer."""

    def __init__(self, memory: Memory, figures: Figures, history: Notes, now: Callable[[], float]) -> None:
        self.memory = memory
        self.history = history
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
            self._keep(attempt, "good")
            await self.memory.success(attempt)
            return
        if is_within(attempt.address, self._figures.never):
            self._keep(attempt, "wrong-password")
            return
        failure = await self.memory.failure(attempt)
        self._keep(attempt, "old-password" if failure.stale else "wrong-password")
        if lockout := after(failure, self._figures):
            await self._lock(attempt, lockout, known=failure.known)

    def refused(self, attempt: Attempt) -> None:
        """Note that an attempt was refused without a look at its password."""
        self._keep(attempt, "locked")

    def right_but_refused(self, attempt: Attempt) -> None:
        """Note that the password was right and opened nothing, as mail programs need an app password: no guess."""
        self._keep(attempt, "refused")

    def _keep(self, attempt: Attempt, result: Result) -> None:
        self.history.note(attempt, result, self._now())

    async def lock(self, service: str, network: str, seconds: float, *, guesses: int = 0) -> None:
        """Lock a network out of a service from now on."""
        await self.memory.lock(service, network, seconds, now=self._now(), guesses=guesses)
        log.warning("Ban %s %s for %d s after %d different guesses", network, service, seconds, guesses)

    async def _lock(self, attempt: Attempt, lockout: Lockout, *, known: bool) -> None:
        """For guesses. `known`: the network is, to the account at which the last one was made."""
        service, network, now = attempt.service, attempt.network, self._now()
        await self.lock(service, network, lockout.seconds, guesses=lockout.guesses)
        self.history.note_lockout(
            Begun(service, network, now, lockout.seconds, lockout.window, lockout.guesses, attacker=not known)
        )

    async def lift(self, service: str, network: str, *, forgive: bool) -> bool:
        """Whether there was a lockout to lift. `forgive`: the next one is as short as the first."""
        lifted = await self.memory.lift(service, network, forgive=forgive)
        if lifted:
            log.warning("Unban %s %s, lifted", network, service)
        return lifted

    async def tell_ended(self) -> None:
        """Log the lockouts that have ended by themselves."""
        for service, network in await self.memory.ended():
            log.warning("Unban %s %s", network, service)
