"""The SMTP client knows how far a dialogue got, whatever the server does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from bench.smtp import Client, Outcome, Stage, Target, attempt, dot_stuffed

_Script = list[tuple[bytes, bytes]]
_FULL: _Script = [
    (b"EHLO ", b"250-mx.example\r\n250-XCLIENT NAME ADDR\r\n250 PIPELINING\r\n"),
    (b"XCLIENT ", b"220 again\r\n"),
    (b"EHLO ", b"250-mx.example\r\n250 PIPELINING\r\n"),
    (b"MAIL ", b"250 ok\r\n"),
    (b"RCPT ", b"250 ok\r\n"),
    (b"DATA", b"354 go\r\n"),
    (b".\r\n", b"250 2.0.0 Ok: queued as 4ABC\r\n"),
]


def _server(
    script: _Script, over: asyncio.Event
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Answers each expected start of a line; when the script ends it reads what comes next, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.example\r\n")
        for start, answer in script:
            while not (line := await reader.readline()).startswith(start):
                assert line, "the client left early"
            writer.write(answer)
        await writer.drain()
        await reader.readline()
        writer.close()
        await writer.wait_closed()
        over.set()

    return serve


def _attempt(script: _Script, *, content: bytes | None = b"Subject: x\r\n\r\n.body\r\n") -> Outcome:
    async def run() -> Outcome:
        over = asyncio.Event()
        server = await asyncio.start_server(_server(script, over), "127.0.0.1", 0)
        async with server:
            target = Target("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5)
            client = Client("helo.example", "name.example", "203.0.113.5")
            stuffed = None if content is None else dot_stuffed(content)
            outcome = await attempt(target, client, "a@b.example", "c@d.example", stuffed)
            await over.wait()
            return outcome

    return asyncio.run(run())


def test_accepted_with_queue_id() -> None:
    outcome = _attempt(_FULL)
    assert outcome.accepted
    assert outcome.queue_id == "4ABC"
    assert outcome.finished > 0


@pytest.mark.parametrize(
    ("length", "stage"),
    [(0, Stage.HELO), (1, Stage.HELO), (3, Stage.MAIL), (4, Stage.RCPT), (5, Stage.DATA), (6, Stage.EOM)],
)
def test_lost_connection_is_told_with_its_stage(length: int, stage: Stage) -> None:
    outcome = _attempt(_FULL[:length])
    assert outcome.lost
    assert outcome.stage is stage
    assert outcome.in_doubt is (stage is Stage.EOM)


def test_refused_recipient() -> None:
    outcome = _attempt([*_FULL[:4], (b"RCPT ", b"550-5.1.1 no\r\n550 5.1.1 such\r\n")], content=None)
    assert (outcome.stage, outcome.code, outcome.text) == (Stage.RCPT, 550, "5.1.1 no\n5.1.1 such")
    assert outcome.refused


def test_nobody_listens() -> None:
    outcome = asyncio.run(attempt(Target("127.0.0.1", 1), Client(), "", "a@b.example", b".\r\n"))
    assert outcome.lost
    assert outcome.stage is Stage.CONNECT


def test_dots_are_stuffed() -> None:
    assert dot_stuffed(b".a\r\n..\r\nb.\r\n") == b"..a\r\n...\r\nb.\r\n.\r\n"
