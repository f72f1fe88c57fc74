"""What clients did, counted on a real Redis for many networks at once, and whom it bans."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailcenter.ledger.record import TransactionRecord, Verdict
from mailcenter.policy.bans import Ban, Cause
from mailcenter.policy.rulebook import RuleBook
from mailcenter.serve.gate import observer
from mailcenter.serve.gate.observer import Observer
from mailcenter.serve.gate.ports_memory import Merits
from mailcenter.serve.gate.redis import Redis
from tests.harness.redis import running_redis
from tests.unit.serve.gate.world import World

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GOOD = Merits()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    with running_redis(tmp_path_factory.mktemp("redis")) as place:
        yield place


@dataclass
class Bans:
    put: list[tuple[str, str, int]] = field(default_factory=list)

    def of(self, client: str) -> Ban | None:
        return next((Ban(network, "refused", NOW) for network, _, _ in self.put if network == client), None)

    async def ban(self, network: str, cause: Cause, offences: int, book: RuleBook) -> None:
        self.put.append((network, cause, offences))


def record(client: str, rule: str = "") -> TransactionRecord:
    verdict: Verdict = "reject" if rule else "accept"
    return TransactionRecord(
        "R", "a", NOW, NOW, "mx", client, "", "", verdict, "rcpt", 550 if rule else 250, "", "", rule
    )


@pytest.mark.parametrize("at_once", [500, 2])
def test_many_networks_are_counted_at_once(
    server: tuple[Path, Path], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observer, "_AT_ONCE", at_once)
    bans = Bans()

    async def work() -> None:
        redis = Redis(*server, timeout=10)
        seen = Observer(redis, World(), bans, ["203.0.113.0/24"])
        for moment in range(2):
            for number in range(5):
                for _ in range(15):
                    seen.observe(record(f"198.51.{at_once % 256}.{number}", "unknown-recipient"), None)
                seen.observe(record(f"198.51.{at_once % 256}.{number}", "helo"), None)
            for _ in range(200):
                seen.observe(record(f"192.0.2.{at_once % 256}", "unknown-recipient"), None)
                seen.observe(record(f"192.0.2.{at_once % 256}"), GOOD)
                seen.observe(record("203.0.113.9", "unknown-recipient"), None)
            await seen.hand_over()
            assert moment or not bans.put
        await redis.close()

    asyncio.run(work())
    assert bans.put == [(f"198.51.{at_once % 256}.{number}", "harvesting", 30) for number in range(5)]
