"""What the guard remembers, in Redis and so shared by all nodes. Every key ends by itself; logins are digests there."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from mailcenter.guard.attempt import Attempt
from mailcenter.guard.figures import Figures
from mailcenter.guard.judge import MOST_COUNTED, Failure, Standing
from mailcenter.policy.client_network import neighbourhood
from mailcenter.serve.gate.redis import Redis, script

_LUA: Final = Path(__file__).parent / "lua"
_BEFORE, _FAILURE, _SUCCESS, _LOCK, _LIFT, _ENDED, _LIST = (
    script(name, _LUA) for name in ("before", "failure", "success", "lock", "lift", "ended", "list")
)
_LOCKOUT: Final = "a:lockout:"
_ALL: Final = "a:lockouts"
MOST_LISTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Lockout:
    """A network that is locked out of a service. `since` in seconds of the Unix epoch, `left` seconds until its end."""

    service: str
    network: str
    since: float
    left: float
    guesses: int


class Memory:
    """Every method raises UnavailableError where Redis does not answer.

    `now` gives seconds of the Unix epoch. By it all is judged; keys end in Redis's time, so that none stays.
    """

    def __init__(self, redis: Redis, figures: Figures, now: Callable[[], float]) -> None:
        self._redis = redis
        self._now = now
        self._figures = figures

    async def before(self, attempt: Attempt) -> Standing:
        keys = (_lockout(attempt.service, attempt.network), _known(attempt), _account(attempt))
        left, known, guesses = await self._redis.run(
            _BEFORE, keys, (_ms(self._now()), _ms(self._figures.account_window), _ms(self._figures.known_for))
        )
        return Standing(left / 1000, bool(known), guesses)

    async def failure(self, attempt: Attempt) -> Failure:
        keys = (
            _guesses(attempt.service, attempt.network),
            _account(attempt),
            _known(attempt),
            _right(attempt),
            _offences(attempt.service, attempt.network),
            _slow(attempt.network),
        )
        arguments = (
            f"{_digest(attempt.login)}:{attempt.guess}",
            f"{attempt.guess}@{attempt.network}",
            attempt.guess,
            _ms(self._figures.window),
            _ms(self._figures.account_window),
            _ms(self._now()),
            _ms(self._figures.known_for),
            _ms(self._figures.slow_window),
            MOST_COUNTED,
            f"{_digest(attempt.login)}:",
        )
        different, known, offences, stale, slow = await self._redis.run(_FAILURE, keys, arguments)
        return Failure(different, bool(known), offences, bool(stale), slow)

    async def success(self, attempt: Attempt) -> None:
        keys = (_known(attempt), _right(attempt), _guesses(attempt.service, attempt.network))
        arguments = (round(self._figures.known_for), attempt.guess, f"{_digest(attempt.login)}:", _ms(self._now()))
        await self._redis.run(_SUCCESS, keys, arguments)

    async def lock(self, service: str, network: str, seconds: float, *, now: float, guesses: int) -> None:
        details = json.dumps({"since": now, "until": _ms(now + seconds), "guesses": guesses})
        remembered = round(2 * self._figures.longest_lockout)
        arguments = (_ms(seconds), remembered, f"{service} {network}", details, _ms(now))
        await self._redis.run(_LOCK, _of_lockout(service, network), arguments)

    async def lift(self, service: str, network: str, *, forgive: bool) -> bool:
        """Whether there was one. `forgive`: forget how many there were."""
        arguments = (f"{service} {network}", int(forgive))
        return bool(await self._redis.run(_LIFT, (*_of_lockout(service, network), _slow(network)), arguments))

    async def ended(self) -> list[tuple[str, str]]:
        """Service and network of each lockout that has ended since somebody last asked."""
        return [_split(name) for name in await self._redis.run(_ENDED, (_ALL,), (_ms(self._now()),))]

    async def lockouts(self) -> list[Lockout]:
        """Those in force, the next to end first; MOST_LISTED at the most."""
        return list(_read(await self._redis.run(_LIST, (_ALL,), (_LOCKOUT, MOST_LISTED, _ms(self._now())))))


def _read(answer: list[Any]) -> Iterator[Lockout]:
    for name, left, details in zip(*[iter(answer)] * 3, strict=True):
        service, network = _split(name)
        told = json.loads(details)
        yield Lockout(service, network, told["since"], left / 1000, told["guesses"])


def _split(name: bytes) -> tuple[str, str]:
    service, _, network = name.decode("ascii").partition(" ")
    return service, network


def _of_lockout(service: str, network: str) -> tuple[str, str, str, str]:
    return _lockout(service, network), _offences(service, network), _ALL, _guesses(service, network)


def _lockout(service: str, network: str) -> str:
    return f"{_LOCKOUT}{service} {network}"


def _offences(service: str, network: str) -> str:
    return f"a:offences:{service} {network}"


def _guesses(service: str, network: str) -> str:
    return f"a:guesses:{service} {network}"


def _slow(network: str) -> str:
    return f"a:slow:{network}"


def _account(attempt: Attempt) -> str:
    return f"a:account:{_digest(attempt.login)}"


def _right(attempt: Attempt) -> str:
    return f"a:right:{_digest(attempt.login)}"


def _known(attempt: Attempt) -> str:
    """Of the neighbourhood: a household's address changes within its provider's network."""
    return f"a:known:{_digest(attempt.login)}:{neighbourhood(attempt.address)}"


def _digest(login: str) -> str:
    return urlsafe_b64encode(blake2b(login.encode("utf-8", "surrogatepass"), digest_size=15).digest()).decode("ascii")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
