"""The clamd client: what it sends, and which answers are verdicts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import uvloop

from mailcenter.serve.gate.clamd import Clamd, read_answer
from mailcenter.serve.gate.ports import UnavailableError
from tests.unit.serve.gate.servers import serving


async def read_stream(reader: asyncio.StreamReader) -> bytes:
    assert await reader.readexactly(10) == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(size)
    return content


def scan(
    path: Path, answer: bytes, pieces: list[bytes], loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> tuple[tuple[str, ...], list[bytes]]:
    seen: list[bytes] = []

    async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_stream(reader))
        writer.write(answer)

    async def run() -> tuple[str, ...]:
        async with serving(path, clamd):
            return await Clamd(path).scan(iter(pieces))

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(run()), seen


@pytest.mark.parametrize("loop_factory", [None, uvloop.new_event_loop])
def test_clean(tmp_path: Path, loop_factory: Callable[[], asyncio.AbstractEventLoop] | None) -> None:
    pieces = [b"head\r\n", b"", b"body" * 500_000]
    assert scan(tmp_path / "s", b"stream: OK\0", pieces, loop_factory) == ((), [b"".join(pieces)])


def test_found(tmp_path: Path) -> None:
    found, _ = scan(tmp_path / "s", b"stream: Win.Test.EICAR_HDB-1 FOUND\0", [b"x"])
    assert found == ("Win.Test.EICAR_HDB-1",)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"stream: OK\0stream: OK\0",
        b"stream: Win.Test FOUND",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"other: OK\0",
        b"OK\0",
        b"\0",
        b"x" * 5000,
    ],
)
def test_no_verdict(answer: bytes) -> None:
    with pytest.raises(UnavailableError, match="clamd: no verdict"):
        read_answer(answer)


def test_closes_in_the_middle(tmp_path: Path) -> None:
    async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(10)

    async def run() -> None:
        async with serving(tmp_path / "s", clamd):
            await Clamd(tmp_path / "s").scan(iter([b"x" * 100_000] * 50))

    with pytest.raises(UnavailableError, match="clamd"):
        asyncio.run(run())


def test_restarting_daemon_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "s"

    async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_stream(reader)
        writer.write(b"stream: OK\0")

    async def run() -> tuple[str, ...]:
        scanning = asyncio.create_task(Clamd(path).scan(iter([b"x"])))
        await asyncio.sleep(0.15)
        async with serving(path, clamd):
            return await scanning

    assert asyncio.run(run()) == ()


def test_dead_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailcenter.serve.gate.unix.RETRY_FOR", 0.05)
    with pytest.raises(UnavailableError, match="clamd: no connection"):
        asyncio.run(Clamd(tmp_path / "s").scan(iter([b"x"])))
