"""What clients did, counted in Redis after they were answered: offences lead to bans, merits spare the greylist.

Counts are gathered for a moment in the worker, so that a refusal costs no question to Redis. What is lost with a worker
or with Redis is a moment's counts only.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Final, Protocol

from mailcenter.ledger.record import TransactionRecord
from mailcenter.policy import bans
from mailcenter.policy.client_network import own_network
from mailcenter.policy.networks import NetworkMap
from mailcenter.policy.rulebook import RuleBook
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.merits import MeritBook
from mailcenter.serve.gate.ports import Policy, UnavailableError
from mailcenter.serve.gate.ports_memory import Bans, Merits
from mailcenter.serve.gate.redis import Redis, script
from mailcenter.serve.gate.redis_connection import Value

GATHER: Final = 0.5
"""Seconds in which counts are gathered."""
MOST: Final = 20_000
"""Networks of which counts are gathered at once; those beyond are not counted for this moment."""
_AT_ONCE: Final = 500
_OFFENCES: Final = script("offences")

log = logging.getLogger("gate")


class BanBook(Bans, Protocol):
    """Bans in force, and more of them."""

    async def ban(self, network: str, cause: bans.Cause, offences: int, book: RuleBook) -> None:
        """Shut a network out. Raises UnavailableError."""


class Observer:
    """Implements `ports_memory.Observer`. `spared`: networks that are never banned."""

    def __init__(self, redis: Redis, policy: Policy, known: BanBook, spared: Iterable[str]) -> None:
        self._redis = redis
        self._policy = policy
        self._bans = known
        self._spared = NetworkMap((network, True) for network in spared)
        self._merits = MeritBook(redis)
        self._gathered: dict[str, Counter[str]] = {}
        self._failing = False

    def observe(self, record: TransactionRecord, merits: Merits | None) -> None:
        client = record.client_address
        if merits is not None and merits.written_to:
            self._merits.note_writer(merits)
        if record.service != "mx" or not is_judged(client) or record.facts.get("network") == "allow":
            return
        if merits is not None and record.verdict == "accept":
            self._merits.note_client(client, merits)
        if self._spared.find(client) is not None:
            return
        counted = bans.offences_in(_objections(record))
        if merits is not None and record.verdict == "accept":
            counted[bans.GOOD] += 1
        if not counted:
            return
        network = own_network(client)
        if network in self._gathered:
            self._gathered[network].update(counted)
        elif len(self._gathered) < MOST:
            self._gathered[network] = counted

    async def run(self) -> None:
        """Hand over what was gathered again and again, until cancelled."""
        while True:
            await asyncio.sleep(GATHER)
            await self.hand_over()

    async def hand_over(self) -> None:
        """Count what was gathered, and ban where it is too much. What cannot be counted is dropped."""
        gathered, self._gathered = self._gathered, {}
        try:
            book = await self._policy.book()
            await self._merits.hand_over(book)
            if bans.is_watched(book):
                left = iter(gathered.items())
                while portion := dict(islice(left, _AT_ONCE)):
                    await self._count(portion, book)
            self._failing = False
        except UnavailableError as failure:
            if not self._failing:
                log.warning("offences are not counted: %s", failure)
            self._failing = True

    async def _count(self, gathered: dict[str, Counter[str]], book: RuleBook) -> None:
        """Count for many networks at once."""
        window = int(book.figure(bans.NAME, bans.WINDOW))
        pairs: list[Value] = []
        for counted in gathered.values():
            pairs.append(len(counted))
            for name, number in counted.items():
                pairs += (name, number)
        keys = [f"g:offences:{network}" for network in gathered]
        answers = await self._redis.run(_OFFENCES, keys, (window, *pairs))
        for network, answer in zip(gathered, answers, strict=True):
            totals = {answer[at].decode(): int(answer[at + 1]) for at in range(0, len(answer), 2)}
            found = bans.cause_of(totals, book)
            address = network.partition("/")[0]
            if found is not None and self._bans.of(address) is None and await self._may_be_banned(address):
                await self._bans.ban(network, *found, book)

    async def _may_be_banned(self, address: str) -> bool:
        """Whether the operators do not let it through; they may have decided so meanwhile."""
        return (await self._policy.networks()).word(address) != "allow"


def _objections(record: TransactionRecord) -> list[tuple[str, int]]:
    if record.recipients:
        said = [(recipient.rule, recipient.code) for recipient in record.recipients]
        return said + said[-1:] * int(record.facts.get("recipients_not_listed", 0))
    return [(record.rule, record.code)]
