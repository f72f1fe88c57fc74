"""The training daemon between a mail process and a controller, both played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mailcenter.serve.training import daemon
from mailcenter.serve.training.daemon import Training
from mailcenter.settings.demo import demo_toml
from mailcenter.settings.load import load, paths
from mailcenter.settings.model import Settings
from tests.harness.wait import until
from tests.unit.serve.gate.servers import serving

HEAD = b"VERSION\tscript\t4\t0\nnoreply\nalice@demo.example\n\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "mailcenter.toml").write_text(demo_toml(tmp_path))
    loaded = load(tmp_path / "mailcenter.toml")
    place = paths(loaded)
    for folder in (place.run("training"), place.run("rspamd"), place.data("training")):
        folder.mkdir(parents=True)
    return loaded


class Controller:
    """Rspamd's controller; `statuses` are its next answers, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.learned: list[tuple[str, bytes]] = []
        self._statuses = list(statuses)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
        status = self._statuses.pop(0) if self._statuses else 200
        answer = b'{"success":true}' if status == 200 else b'{"error":"no"}'
        writer.write(
            b"HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, len(answer)) + answer
        )
        await writer.drain()
        if status < 500:
            self.learned.append((head.split()[1], body))


def run(settings: Settings, controller: Controller, play: Callable[[], Awaitable[None]], *, wanted: int) -> None:
    async def all_of_it() -> None:
        training = Training(settings)
        task = asyncio.create_task(training.run())
        async with serving(paths(settings).rspamd_controller_socket, controller), asyncio.timeout(60):
            await asyncio.to_thread(until, paths(settings).training_socket("ham").exists, "the daemon's sockets")
            await play()
            await asyncio.to_thread(until, lambda: len(controller.learned) >= wanted, "all to be learned")
            training.stop()
            await task

    asyncio.run(all_of_it())


async def hand_over(settings: Settings, kind: str, message: bytes, head: bytes = HEAD) -> bytes:
    reader, writer = await asyncio.open_unix_connection(paths(settings).training_socket(kind))
    writer.write(head + message)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


def test_learned_by_kind(settings: Settings) -> None:
    controller = Controller()

    async def play() -> None:
        assert await hand_over(settings, "spam", b"bad") == b""
        assert await hand_over(settings, "ham", b"good", HEAD.replace(b"noreply", b"-")) == b"+\n"

    run(settings, controller, play, wanted=2)
    assert sorted(controller.learned) == [("/learnham", b"good"), ("/learnspam", b"bad")]


def test_a_failing_controller_is_asked_again_and_what_it_knows_is_done(settings: Settings) -> None:
    controller = Controller(500, 208)

    async def play() -> None:
        await hand_over(settings, "spam", b"bad")

    run(settings, controller, play, wanted=1)
    assert list(paths(settings).data("training").iterdir()) == []


def test_a_long_message_is_cut(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "LONGEST", 1000)
    controller = Controller()

    async def play() -> None:
        await hand_over(settings, "spam", b"x" * 500_000)

    run(settings, controller, play, wanted=1)
    assert [len(body) for _, body in controller.learned] == [len(b"x" * 1000)]


def test_one_mailbox_does_not_decide_for_all(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "MOST_OF_A_DAY", 2)
    controller = Controller()
    asked = HEAD.replace(b"noreply", b"-")

    async def play() -> None:
        said = [await hand_over(settings, "spam", b"%d" % number, asked) for number in range(3)]
        assert said == [b"+\n", b"+\n", b"-\n"]
        assert await hand_over(settings, "spam", b"other", asked.replace(b"alice", b"bob")) == b"+\n"

    run(settings, controller, play, wanted=3)


def test_nonsense_is_no_message(settings: Settings) -> None:
    controller = Controller()

    async def play() -> None:
        assert await hand_over(settings, "spam", b"x", b"GET / HTTP/1.1\r\n\r\n") == b""
        assert await hand_over(settings, "spam", b"", HEAD[:20]) == b""
        await hand_over(settings, "spam", b"bad")

    run(settings, controller, play, wanted=1)
    assert controller.learned == [("/learnspam", b"bad")]
