"""Keeps a certificate for each name that should have one: obtains, renews, removes, and writes down how it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509

from mailcenter.certificates.inspect import holds
from mailcenter.certificates.pace import pause, renewal
from mailcenter.certificates.state import Problem, State
from mailcenter.serve.certificates.own import OwnAuthority
from mailcenter.serve.certificates.source import NotObtainedError, Source
from mailcenter.serve.certificates.store import Store

_EXAMINE_EVERY: Final = timedelta(hours=1)
"""Files may be lost, and the own authority may be another."""

log = logging.getLogger("certificates")


@dataclass(frozen=True)
class Count:
    """Names in all, those with a certificate in force, and those with a problem that is not the customer's own."""

    names: int
    held: int
    failing: int


class Keeper:
    """One name after the other: new ones first, then those that were not looked at since the start."""

    def __init__(
        self,
        store: Store,
        source: Source,
        *,
        look_every: timedelta,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._source = source
        self._look_every = look_every
        self._clock = clock
        self._states: dict[str, State | None] = {name: store.state(name) for name in store.names()}
        self._examined: set[str] = set()

    def round(self, wanted: set[str], *, between: Callable[[], bool]) -> bool:
        """Bring the certificates in line with the names that should have one; tells whether all of them are.

        Args:
            between: called after each name; False ends the round.
        """
        for name in set(self._states) - wanted:
            self._store.remove(name)
            del self._states[name]
            self._examined.discard(name)
            log.info("%s: is gone, with its certificate", name)
        now = self._clock()
        for name in sorted(wanted, key=lambda name: (name in self._states, name in self._examined, name)):
            if self._is_due(name, now):
                self._look(name)
                if not between():
                    return False
        return True

    def count(self) -> Count:
        states = [state for state in self._states.values() if state is not None]
        now = self._clock()
        return Count(
            names=len(states),
            held=sum(state.until is not None and state.until > now for state in states),
            failing=sum(state.problem is not None and state.problem is not Problem.DNS for state in states),
        )

    def _is_due(self, name: str, now: datetime) -> bool:
        """Those in order are looked at once after a start; failures keep their pauses over a restart."""
        state = self._states.get(name)
        if state is None or state.source != self._source.name:
            return True
        if state.problem is None and name not in self._examined:
            return True
        return state.next_look <= now

    def _look(self, name: str) -> None:
        before = self._states.get(name)
        now = self._clock()
        held_from = before.held_from if before is not None else ""
        if held_from == OwnAuthority.name != self._source.name:
            # Programs warn of it. Better none, until there is one that they know.
            self._store.drop(name)
        pem = self._store.certificate(name)
        held, _ = holds(pem, name, now) if pem is not None else (None, "")
        is_ours = held_from == self._source.name
        try:
            if not (pem and held and is_ours and self._is_good(name, pem, held, now)):
                held = self._obtain(name, now)
            again = min(now + self._pace(), max(renewal(held.not_valid_before_utc, held.not_valid_after_utc), now))
            again = max(again, now + timedelta(seconds=1))
            until = held.not_valid_after_utc
            state = State(name, self._source.name, until, again, held_from=self._source.name)
        except NotObtainedError as error:
            tries = before.tries + 1 if before is not None and before.source == self._source.name else 1
            state = State(
                name,
                self._source.name,
                until=held.not_valid_after_utc if held is not None else None,
                next_look=now + pause(error.problem, tries, self._look_every),
                problem=error.problem,
                detail=str(error),
                tries=tries,
                held_from=held_from if held is not None else "",
            )
            if before is None or (before.problem, before.detail) != (state.problem, state.detail):
                log.warning("%s: no certificate: %s", name, error)
        self._examined.add(name)
        self._states[name] = state
        # When it is looked at again matters to others only where there is a problem.
        if before is None or state.problem or replace(before, next_look=state.next_look) != state:
            self._store.say(state)

    def _is_good(self, name: str, pem: bytes, held: x509.Certificate, now: datetime) -> bool:
        early = renewal(held.not_valid_before_utc, held.not_valid_after_utc) > now
        return (early or self._source.name == "folder") and self._source.is_current(name, pem, held)

    def _pace(self) -> timedelta:
        return self._look_every if self._source.name == "folder" else _EXAMINE_EVERY

    def _obtain(self, name: str, now: datetime) -> x509.Certificate:
        try:
            pem = self._source.obtain(name)
        except NotObtainedError:
            raise
        except Exception as error:  # one name must not stand in the way of all others
            log.exception("%s: a fault of ours", name)
            raise NotObtainedError(
                Problem.OURS, f"{type(error).__name__}; the log of `certificates` has more"
            ) from None
        found, fault = holds(pem, name, now)
        if found is None:
            raise NotObtainedError(Problem.UNFIT, fault)
        self._store.keep(name, pem)
        log.info("%s: has a certificate until %s", name, found.not_valid_after_utc.date())
        return found
