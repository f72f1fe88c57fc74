"""Sessions of submission counted on a real Redis, and without one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis as SyncRedis

from mailcenter.serve.gate.memory import seats_key
from mailcenter.serve.gate.redis import Redis
from mailcenter.serve.gate.seats import Seats
from mailcenter.settings.identities import REDIS_DATABASE, REDIS_USER
from tests.harness.redis import running_redis

LOGIN = "alice@demo.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    with running_redis(tmp_path_factory.mktemp("redis")) as place:
        yield place


def test_places_are_taken_kept_and_given_up(server: tuple[Path, Path]) -> None:
    async def work() -> list[bool]:
        redis = Redis(*server, timeout=10)
        here, there = Seats(redis, most=2, silence=300), Seats(redis, most=2, silence=300)
        said = [await here.take(LOGIN, "1"), await there.take(LOGIN.upper(), "2"), await here.take(LOGIN, "3")]
        said += [await here.take(LOGIN, "1"), await here.take("bob@demo.example", "4")]
        there.give_up(LOGIN, "2")
        await asyncio.gather(*there.leaving)
        said += [await here.take(LOGIN, "3"), await here.take(LOGIN, "2")]
        await redis.close()
        return said

    assert asyncio.run(work()) == [True, True, False, True, True, True, False]


def test_a_session_that_nobody_hears_of_any_more_gives_its_place(server: tuple[Path, Path]) -> None:
    """As after the end of a worker; the whole account is forgotten with its last session."""
    key = seats_key("carol@demo.example")
    socket, password = server

    async def work() -> bool:
        redis = Redis(*server, timeout=10)
        seats = Seats(redis, most=1, silence=300)
        assert await seats.take("carol@demo.example", "lost")
        with SyncRedis(
            unix_socket_path=str(socket), db=REDIS_DATABASE, username=REDIS_USER, password=password.read_text().strip()
        ) as other:
            assert 800 < int(other.eval("return redis.call('TTL', KEYS[1])", 1, key)) <= 900
            other.zadd(key, {"lost": 1})
        found = await seats.take("carol@demo.example", "next")
        await redis.close()
        return found

    assert asyncio.run(work())


def test_without_redis_everybody_may_send(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("x")

    async def work() -> bool:
        seats = Seats(Redis(tmp_path / "s", tmp_path / "key", timeout=0.3), most=1, silence=300)
        seats.give_up(LOGIN, "0")
        return await seats.take(LOGIN, "1") and await seats.take(LOGIN, "2")

    assert asyncio.run(work())
