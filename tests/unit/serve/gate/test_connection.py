"""A connection on a real socket: bytes in portions, our own mistakes, the MTA's mistakes, its sudden end."""

from __future__ import annotations

import asyncio
import socket

import pytest

from mailcenter.serve.gate.connection import Connection
from tests.unit.milter import packets
from tests.unit.milter.packets import packet
from tests.unit.serve.gate.world import World, macros

OPENING = [packets.NEGOTIATE, packets.CONNECT, packets.HELO, packets.MAIL]
RCPT = macros(b"R", rcpt_mailer="lmtp") + packet(b"R", b"<alice@demo.example>\0")
SETTLED = 2.0
"""Seconds for what does not end the connection by itself to be answered; who hangs up earlier is not waited for."""
MESSAGE = [RCPT, packets.HEADER, packets.END_OF_HEADERS, packets.BODY, packets.END_OF_MESSAGE]


def converse(world: World, data: bytes, *, portion: int = 2**20) -> bytes:
    """Send everything in portions, hang up, and give what came back as the letters of the answers."""

    async def run() -> bytes:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        mta_reader, mta_writer = await asyncio.open_connection(sock=theirs)
        serving = asyncio.create_task(Connection(world.desk(), reader, writer).serve())
        for start in range(0, len(data), portion):
            mta_writer.write(data[start : start + portion])
            await mta_writer.drain()
            if portion < len(data):
                await asyncio.sleep(0)
        await asyncio.wait({serving}, timeout=SETTLED)
        mta_writer.write_eof()
        await serving
        answers = await mta_reader.read()
        mta_writer.close()
        return answers

    return letters(asyncio.run(run()))


def letters(answers: bytes) -> bytes:
    found = b""
    while answers:
        length = int.from_bytes(answers[:4], "big")
        found += answers[4:5]
        answers = answers[4 + length :]
    return found


@pytest.mark.parametrize("portion", [1, 7, 2**20])
def test_whole_mail(portion: int) -> None:
    world = World()
    assert converse(world, b"".join([*OPENING, *MESSAGE, packets.QUIT]), portion=portion) == b"Occiiiic"
    assert [record.verdict for record in world.records] == ["accept"]


def test_sudden_end_is_recorded() -> None:
    world = World()
    converse(world, b"".join([*OPENING, RCPT]))
    assert [record.verdict for record in world.records] == ["abort"]


def test_broken_protocol_is_recorded() -> None:
    world = World()
    assert converse(world, b"".join([*OPENING, RCPT, packets.CONNECT])) == b"Occ"
    assert [record.verdict for record in world.records] == ["abort"]


def test_our_own_mistake_defers() -> None:
    world = World(down={"bug"})
    assert converse(world, b"".join([*OPENING, *MESSAGE])) == b"Occy"
    (record,) = world.records
    assert (record.verdict, record.code, record.rule) == ("defer", 451, "unavailable-gate")


def test_health_question() -> None:
    """The platform's health check negotiates without leaving out any step."""
    world = World()
    offer = packet(b"O", bytes.fromhex("00000006000001ff00000000"))
    assert converse(world, offer + packets.CONNECT + packets.HELO) == b"Occ"
    assert world.records == []
