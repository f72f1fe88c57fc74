"""A connection on a real socket: bytes in portions, our own mistakes, the MTA's mistakes, its sudden end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest

from mailcenter.serve.gate.connection import MOST_WAITING, Connection
from tests.unit.milter import packets
from tests.unit.milter.packets import packet
from tests.unit.serve.gate.world import World, macros

OPENING = [packets.NEGOTIATE, packets.HELO, packets.MAIL]
RCPT = macros(b"R", rcpt_mailer="lmtp") + packet(b"R", b"<alice@demo.example>\0")
SETTLED = 2.0
"""Seconds for what does not end the connection by itself to be answered; who hangs up earlier is not waited for."""
MESSAGE = [RCPT, packets.HEADER, packets.END_OF_HEADERS, packets.BODY, packets.END_OF_MESSAGE]


def converse(world: World, data: bytes, *, portion: int = 2**20) -> bytes:
    """Send everything in portions, hang up, and give what came back as the letters of the answers."""

    async def run() -> bytes:
        ours, theirs = socket.socketpair()
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: Connection(world.desk(), lambda _: ended.set()), sock=ours)
        mta_reader, mta_writer = await asyncio.open_connection(sock=theirs)
        for start in range(0, len(data), portion):
            mta_writer.write(data[start : start + portion])
            await mta_writer.drain()
            if portion < len(data):
                await asyncio.sleep(0)
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLED):
                await ended.wait()
        mta_writer.write_eof()
        await ended.wait()
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


def test_nothing_of_a_client_holds_for_the_next() -> None:
    world = World()
    mail = [packets.MAIL, RCPT, packets.ABORT]
    said = converse(world, b"".join([*OPENING, *mail[1:], packets.QUIT_NEW_CONNECTION, *mail, packets.QUIT]))
    assert said == b"Occcc"
    assert [record.helo for record in world.records] == ["client.example", ""]


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


def test_idle_connection_leaves_at_once() -> None:
    world = World()
    connection, transport = played(world)
    connection.data_received(packets.NEGOTIATE + packets.HELO)
    connection.leave()
    assert transport.is_closing()
    assert world.records == []


def test_mail_on_its_way_ends_first() -> None:
    async def run() -> None:
        connection, transport = played(world)
        for data in (packets.NEGOTIATE, packets.MAIL, RCPT):
            connection.data_received(data)
            await answered(transport)
        connection.leave()
        assert not transport.is_closing()
        connection.data_received(b"".join(MESSAGE[1:]))
        await answered(transport)
        assert transport.is_closing()

    world = World()
    asyncio.run(run())
    assert [record.verdict for record in world.records] == ["accept"]


def test_broken_off_by_us_is_recorded() -> None:
    async def run() -> None:
        connection, transport = played(world)
        for data in (packets.NEGOTIATE, packets.MAIL, RCPT):
            connection.data_received(data)
            await answered(transport)
        connection.data_received(b"".join(MESSAGE[1:]))  # the answer is being sought
        connection.abort()
        await asyncio.sleep(0)
        assert transport.is_closing()

    world = World()
    asyncio.run(run())
    assert [record.verdict for record in world.records] == ["abort"]


def test_too_much_meanwhile_waits_outside() -> None:
    async def run() -> None:
        connection, transport = played(world)
        connection.data_received(packets.NEGOTIATE + packets.MAIL)
        connection.data_received(packet(b"B", b"x" * (MOST_WAITING - 1)))
        assert not transport.is_reading()

    world = World()
    asyncio.run(run())


class Transport(asyncio.Transport):
    """Tells that something is written."""

    def __init__(self) -> None:
        super().__init__()
        self.has_written = asyncio.Event()
        self._closing = False
        self._reading = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.has_written.set()

    def close(self) -> None:
        self._closing = True

    def is_closing(self) -> bool:
        return self._closing

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True

    def is_reading(self) -> bool:
        return self._reading


def played(world: World) -> tuple[Connection, Transport]:
    connection, transport = Connection(world.desk()), Transport()
    connection.connection_made(transport)
    return connection, transport


async def answered(transport: Transport) -> None:
    """Until something has been written since the last time."""
    async with asyncio.timeout(SETTLED):
        await transport.has_written.wait()
    transport.has_written.clear()
