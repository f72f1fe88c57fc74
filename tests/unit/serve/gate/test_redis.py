"""The memory on a real Redis: what is counted, who may do what, and a Redis that is away, slow, or restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from hashlib import sha1
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mailcenter.mail.address import Address
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.serve.gate.memory import RedisMemory
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.ports_memory import Try
from mailcenter.serve.gate.redis import Redis, Script
from tests.harness.redis import running_redis
from tests.unit.serve.gate.servers import serving

T = TypeVar("T")
TRY = Try("192.0.2.1", Address("a", "b.test"), Address("alice", "demo.example"), 2, first=True, window=60, keep=0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    with running_redis(tmp_path_factory.mktemp("redis")) as place:
        yield place


def with_redis(place: tuple[Path, Path], work: Callable[[Redis], Awaitable[T]], timeout: float = 10) -> T:
    async def run() -> T:
        redis = Redis(*place, timeout=timeout)
        try:
            return await work(redis)
        finally:
            await redis.close()

    return asyncio.run(run())


def script(lua: str) -> Script:
    return Script(lua.encode(), sha1(lua.encode(), usedforsecurity=False).hexdigest())


def test_rates_count_client_and_sender_once_for_a_mail(server: tuple[Path, Path]) -> None:
    async def work(redis: Redis) -> list[MemoryFacts]:
        memory = RedisMemory(redis)
        bob = replace(TRY, rcpt_to=Address("bob", "demo.example"), first=False)
        notice = replace(TRY, mail_from=None)
        return [await memory.at_recipient(tried) for tried in (TRY, bob, TRY, notice)]

    counted = with_redis(server, work)
    assert [(each.client_mails, each.sender_mails, each.recipient_mails) for each in counted] == [
        (1, 1, 1),
        (1, 1, 1),
        (2, 2, 2),
        (3, 0, 3),
    ]


@pytest.mark.parametrize(
    ("lua", "keys"),
    [
        ("return redis.call('GET', KEYS[1])", ["BAYES_SPAM"]),
        ("return redis.call('SET', KEYS[1], '1')", ["other:x"]),
        ("return redis.call('FLUSHALL')", []),
        ("return redis.call('CONFIG', 'GET', '*')", []),
        ("return redis.call('KEYS', '*')", []),
    ],
)
def test_the_gate_may_touch_its_own_keys_only(server: tuple[Path, Path], lua: str, keys: list[str]) -> None:
    with pytest.raises(UnavailableError, match="redis"):
        with_redis(server, lambda redis: redis.run(script(lua), keys, ()))


def test_connections_are_kept_and_many_wait_for_few(server: tuple[Path, Path]) -> None:
    one = script("return 1")

    async def work(redis: Redis) -> list[Any]:
        return await asyncio.gather(*(redis.run(one, ("g:x",), ()) for _ in range(50)))

    assert with_redis(server, work) == [1] * 50


def test_restarted_redis_is_found_again(tmp_path: Path) -> None:
    async def work() -> tuple[int, int]:
        with running_redis(tmp_path) as place:
            redis = Redis(*place, timeout=10)
            before = (await RedisMemory(redis).at_recipient(TRY)).client_mails
        with running_redis(tmp_path):
            after = (await RedisMemory(redis).at_recipient(TRY)).client_mails
            await redis.close()
        return before, after

    assert asyncio.run(work()) == (1, 1)


def test_dead_redis_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    with pytest.raises(UnavailableError, match="redis"):
        with_redis((tmp_path / "s", tmp_path / "password"), lambda redis: RedisMemory(redis).at_recipient(TRY))


def test_silent_redis_is_unavailable_in_time(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def work() -> None:
        async with serving(tmp_path / "s", silent):
            redis = Redis(tmp_path / "s", tmp_path / "password", timeout=0.2)
            await RedisMemory(redis).at_recipient(TRY)

    with pytest.raises(UnavailableError, match="no answer"):
        asyncio.run(work())
