"""What speaks for clients, domains, mailing lists and correspondents: gathered for a moment, then kept in Redis."""

from __future__ import annotations

from itertools import islice
from typing import Final

from mailcenter.policy import greylist
from mailcenter.policy.client_network import neighbourhood
from mailcenter.policy.rulebook import RuleBook
from mailcenter.serve.gate.memory import good_client_key, good_domain_key, list_key, passed_key, wrote_key
from mailcenter.serve.gate.ports_memory import Merits
from mailcenter.serve.gate.redis import Redis, script

MOST: Final = 50_000
"""Keys gathered at once; what comes beyond them is not remembered."""
_AT_ONCE: Final = 1000
_DAY: Final = 86400
_MERITS: Final = script("merits")


class MeritBook:
    """`note` while mail goes on, `hand_over` now and then."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._gathered: dict[str, int] = {}
        """By key what to add; 0 for a mark."""

    def note_client(self, client: str, merits: Merits) -> None:
        """A mail of another server."""
        near = neighbourhood(client)
        self._add(good_client_key(near), 1)
        if merits.domain:
            self._add(good_domain_key(merits.domain), 1)
        if merits.list_key:
            self._add(list_key(merits.list_key), 0)
        if merits.came_back:
            self._add(passed_key(near), 0)

    def note_writer(self, merits: Merits) -> None:
        """A mail of our own user."""
        for address in merits.written_to:
            self._add(wrote_key(merits.domain_id, address), 0)

    async def hand_over(self, book: RuleBook) -> None:
        """Keep what was gathered.

        Raises:
            UnavailableError: Redis did not take it; it is lost.
        """
        gathered, self._gathered = self._gathered, {}
        seconds = int(book.figure(greylist.NAME, greylist.KNOWN) * _DAY)
        left = iter(gathered.items())
        while portion := dict(islice(left, _AT_ONCE)):
            await self._redis.run(_MERITS, tuple(portion), (seconds, *portion.values()))

    def _add(self, key: str, amount: int) -> None:
        if key in self._gathered:
            self._gathered[key] += amount
        elif len(self._gathered) < MOST:
            self._gathered[key] = amount
