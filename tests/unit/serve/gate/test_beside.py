"""Redis and the resolver: alive, dead, restarted, silent."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from dns.rcode import Rcode

from mailcenter.serve.gate.beside import Redis, Resolver
from mailcenter.serve.gate.ports import UnavailableError
from tests.harness.name_server import Change, answers_once
from tests.unit.serve.gate.servers import serving


async def pong(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readline():
        writer.write(b"+PONG\r\n")


def test_redis_alive_on_one_connection(tmp_path: Path) -> None:
    connections = []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        await pong(reader, writer)

    async def run() -> None:
        async with serving(tmp_path / "s", counted):
            redis = Redis(tmp_path / "s")
            for _ in range(3):
                await asyncio.gather(redis.check(), redis.check())
            redis.close()

    asyncio.run(run())
    assert connections == [1]


def test_redis_dead_shortly_after_a_sign_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailcenter.serve.gate.unix.RETRY_FOR", 0.0)
    over = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"+PONG\r\n")
        await over.wait()

    async def run() -> None:
        redis = Redis(tmp_path / "s")
        async with serving(tmp_path / "s", once):
            await redis.check()
            await redis.check()
            over.set()
        async with asyncio.timeout(5):
            while True:
                await redis.check()
                await asyncio.sleep(0.001)

    with pytest.raises(UnavailableError, match="redis: no connection"):
        asyncio.run(run())


def test_redis_restarted(tmp_path: Path) -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"+PONG\r\n")

    async def run() -> None:
        async with serving(tmp_path / "s", once):
            redis = Redis(tmp_path / "s")
            await redis.check()
            await redis.check()
            redis.close()

    asyncio.run(run())


@pytest.mark.parametrize("answer", [b"-LOADING Redis is loading the dataset in memory\r\n", b"nonsense", b""])
def test_redis_does_not_serve(tmp_path: Path, answer: bytes) -> None:
    async def loading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)

    async def run() -> None:
        async with serving(tmp_path / "s", loading):
            await Redis(tmp_path / "s").check()

    with pytest.raises(UnavailableError, match="redis"):
        asyncio.run(run())


def test_redis_forgets_a_question_given_up(tmp_path: Path) -> None:
    silent = asyncio.Event()

    async def slow_then_good(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        if silent.is_set():
            writer.write(b"+PONG\r\n")
        else:
            await reader.read()

    async def run() -> None:
        async with serving(tmp_path / "s", slow_then_good):
            redis = Redis(tmp_path / "s")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await redis.check()
            silent.set()
            async with asyncio.timeout(2):
                await redis.check()
            redis.close()

    asyncio.run(run())


def check(port: int) -> None:
    async def run() -> None:
        async with asyncio.timeout(2):
            await Resolver("127.0.0.1", port).check()

    asyncio.run(run())


@pytest.mark.parametrize("code", [Rcode.NOERROR, Rcode.NXDOMAIN])
def test_resolver_alive(code: Rcode) -> None:
    check(answers_once(code))


@pytest.mark.parametrize("change", [bytes, lambda answer: b"", lambda answer: answer[:3]])
def test_resolver_fails(change: Change) -> None:
    with pytest.raises(UnavailableError, match="resolver"):
        check(answers_once(Rcode.SERVFAIL, change=change))


def test_resolver_silent() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(TimeoutError):
            check(silent.getsockname()[1])


def test_resolver_gone() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnavailableError, match="resolver: no answer"):
        asyncio.run(Resolver("127.0.0.1", port).check())
