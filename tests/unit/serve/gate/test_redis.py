"""The memory on a real Redis: what is counted, who may do what, and a Redis that is away, slow, or restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha1
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from redis import Redis as SyncRedis

from mailcenter.mail.address import Address
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.platform_book import DEFAULT_BOOK
from mailcenter.serve.gate.memory import RedisMemory
from mailcenter.serve.gate.merits import MeritBook
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.ports_memory import Merits, Try
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


def test_who_gives_up_takes_his_answer_with_him(server: tuple[Path, Path]) -> None:
    async def work(redis: Redis) -> list[Any]:
        await redis.run(script("return 0"), (), ())
        asked = [asyncio.create_task(redis.run(script(f"return {number}"), (), ())) for number in range(3)]
        await asyncio.sleep(0)
        asked[0].cancel()
        return (await asyncio.gather(*asked, return_exceptions=True))[1:]

    assert with_redis(server, work) == [1, 2]


@pytest.mark.parametrize("said", [b"+OK\r\n+OK\r\nwhat is this?\r\n", b"+OK\r\n", b"-WRONGPASS no\r\n+OK\r\n", b""])
def test_what_is_no_redis_is_unavailable(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "password").write_text("secret")

    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        await writer.drain()

    async def work() -> None:
        async with serving(tmp_path / "s", other):
            await Redis(tmp_path / "s", tmp_path / "password", timeout=20).run(script("return 1"), (), ())

    with pytest.raises(UnavailableError) as failure:
        asyncio.run(work())
    assert "secret" not in str(failure.value)


def test_redis_that_reads_its_data_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    answers = [b"-LOADING it\r\n", b":7\r\n"]

    async def starting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"+OK\r\n", b"+OK\r\n", answers.pop(0)):
            assert await reader.read(1000)
            writer.write(answer)
        await reader.read()

    async def work() -> object:
        async with serving(tmp_path / "s", starting):
            redis = Redis(tmp_path / "s", tmp_path / "password", timeout=20)
            try:
                return await redis.run(script("return 7"), (), ())
            finally:
                await redis.close()

    assert asyncio.run(work()) == 7


def test_first_tries_and_merits(server: tuple[Path, Path]) -> None:
    asked = replace(TRY, client_address="198.51.100.1", keep=60, window=0)
    merits = Merits(domain="b.test", list_key="b.test talk.b.test", came_back=True)

    async def work(redis: Redis) -> tuple[list[MemoryFacts], list[bool]]:
        memory, book = RedisMemory(redis), MeritBook(redis)
        before = [await memory.at_recipient(asked) for _ in range(2)]
        lists = [await memory.knows_list(merits.list_key)]
        for _ in range(3):
            book.note_client("198.51.100.77", merits)
        book.note_writer(Merits(domain_id=2, written_to=("a@b.test",)))
        await book.hand_over(DEFAULT_BOOK)
        after = await memory.at_recipient(replace(asked, client_address="198.51.100.9"))
        return [*before, after], [*lists, await memory.knows_list(merits.list_key)]

    (first, second, after), lists = with_redis(server, work)
    assert second.waited is not None
    assert second.waited < 60
    assert first == MemoryFacts(waited=0.0)
    assert (after.client_passed, after.wrote, after.client_good, after.domain_good) == (True, True, 3, 3)
    assert after.waited is None, "nobody known needs a first try remembered"
    assert lists == [False, True]


def test_every_key_ends_by_itself(server: tuple[Path, Path]) -> None:
    async def work(redis: Redis) -> None:
        await RedisMemory(redis).at_recipient(replace(TRY, keep=60))
        book = MeritBook(redis)
        book.note_client("192.0.2.1", Merits(domain="b.test", list_key="l", came_back=True))
        await book.hand_over(DEFAULT_BOOK)

    with_redis(server, work)
    whole = SyncRedis(unix_socket_path=str(server[0]), db=1, username="gate", password=server[1].read_text().strip())
    with whole:
        keys = list(whole.scan_iter("g:*"))
        assert len(keys) > 5
        assert [key for key in keys if whole.ttl(key) < 0] == []
