"""The resolver port against a name server of our own: answers, nothing, failures, memory."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

import pytest
import uvloop

from mailcenter.serve.gate import dns, dns_channel
from mailcenter.serve.gate.dns import Resolver
from mailcenter.serve.gate.ports import MailHost, UnavailableError

NO_ERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
TRUNCATED = 0x0200
TYPES = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers by `TYPE name`: a code, or the data of records. What it does not know it leaves unanswered."""

    zone: dict[str, int | list[bytes]]
    ttl: int = 60
    soa: tuple[int, int] | None = None
    """Lifetime of the SOA record beside nothing, and the one in it."""
    silences: int = 0
    """How many questions it leaves unanswered first."""
    asked: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    clients: set[tuple[str, int]] = field(default_factory=set)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode())
            at += 1 + data[at]
        kind = next(name for name, number in TYPES.items() if number == struct.unpack_from(">H", data, at + 1)[0])
        key = f"{kind} {'.'.join(labels).lower()}"
        self.asked.append(key)
        self.heard.set()
        self.clients.add(addr)
        if key not in self.zone or len(self.asked) <= self.silences:
            return
        known = self.zone[key]
        records, code = ([], known) if isinstance(known, int) else (known, NO_ERROR)
        answers = [struct.pack(">3HIH", 0xC00C, TYPES[kind], 1, self.ttl, len(record)) + record for record in records]
        if self.soa is not None and not records:
            answers.append(struct.pack(">3HIH2x5I", 0xC00C, 6, 1, self.soa[0], 22, 1, 2, 3, 4, self.soa[1]))
        header = data[:2] + struct.pack(">5H", 0x8180 | code, 1, len(records), len(answers) - len(records), 0)
        self.transport.sendto(header + data[12 : at + 5] + b"".join(answers), addr)


def ask(
    server: NameServer,
    question: Callable[[Resolver], Awaitable[object]],
    *,
    timeout: float = 3.0,
    ticks: Callable[[], float] = time.monotonic,
) -> object:
    async def run() -> object:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=("127.0.0.1", 0)
        )
        port = transport.get_extra_info("sockname")[1]
        resolver = Resolver("127.0.0.1", port, timeout=timeout, ticks=ticks)
        try:
            return await question(resolver)
        finally:
            resolver.close()
            transport.close()

    return asyncio.run(run())


def test_addresses() -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])], "AAAA a.example": [bytes(15) + b"\x01"]})
    assert ask(server, lambda resolver: resolver.a("A.example.")) == ("192.0.2.1",)
    assert ask(server, lambda resolver: resolver.aaaa("a.example")) == ("::1",)


def test_names_of_an_address() -> None:
    server = NameServer({"PTR 1.2.0.192.in-addr.arpa": [wire("Mail.A.example")]})
    assert ask(server, lambda resolver: resolver.ptr("192.0.2.1")) == ("mail.a.example",)


def test_mail_hosts_in_order() -> None:
    server = NameServer({"MX a.example": [b"\0\x14" + wire("b.example"), b"\0\x0a" + wire("c.example")]})
    hosts = (MailHost(10, "c.example"), MailHost(20, "b.example"))
    assert ask(server, lambda resolver: resolver.mx("a.example")) == hosts


@pytest.mark.parametrize("name", ["_spf.a+b=c:80.odd name.example", "*.example"])
def test_names_that_no_host_has(name: str) -> None:
    server = NameServer({f"A {name}": [bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])]})
    assert ask(server, lambda resolver: resolver.a(name)) == ("192.0.2.1", "192.0.2.2")


def test_null_mx() -> None:
    server = NameServer({"MX a.example": [b"\0\0" + wire("")]})
    assert ask(server, lambda resolver: resolver.mx("a.example")) == (MailHost(0, ""),)


def test_texts_are_joined() -> None:
    server = NameServer({"TXT a.example": [b"\x03v=s\x03pf1", b"\x01\xe4"]})
    assert ask(server, lambda resolver: resolver.txt("a.example")) == ("v=spf1", "ä")


@pytest.mark.parametrize(("code", "exists"), [(NO_ERROR, True), (NXDOMAIN, False)])
def test_nothing_there(code: int, exists: bool) -> None:
    server = NameServer({"A a.example": code})
    assert ask(server, lambda resolver: resolver.a("a.example")) == ()
    assert ask(server, lambda resolver: resolver.exists("a.example")) is exists


@pytest.mark.parametrize("code", [SERVFAIL, REFUSED])
def test_failure_is_not_nothing(code: int) -> None:
    with pytest.raises(UnavailableError, match=r"dns: a\.example A"):
        ask(NameServer({"A a.example": code}), lambda resolver: resolver.a("a.example"))


def test_silence_ends_at_the_deadline() -> None:
    with pytest.raises(UnavailableError, match=r"dns: a\.example A"):
        ask(NameServer({}), lambda resolver: resolver.a("a.example"), timeout=0.5)


@pytest.mark.parametrize(
    "name", ["", "a..example", f"{'x' * 64}.example", "ä.example", "a\tb.example", "x." * 130 + "x"]
)
def test_what_is_no_name_is_not_asked(name: str) -> None:
    server = NameServer({})
    assert ask(server, lambda resolver: resolver.a(name)) == ()
    assert server.asked == []


def test_remembers_until_the_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "MOST_ANSWERS", 2)
    server = NameServer({f"A {label}.example": [bytes([192, 0, 2, 1])] for label in "abc"})

    async def again(resolver: Resolver) -> None:
        for label in "aaabc":
            await resolver.a(f"{label}.example")
        await resolver.a("a.example")

    ask(server, again)
    assert server.asked == ["A a.example", "A b.example", "A c.example", "A a.example"]


@pytest.mark.parametrize(
    ("soa", "seconds"), [(None, 15), ((60, 1), 15), ((60, 100), 60), ((100, 60), 60), ((9999, 9999), 300)]
)
def test_remembers_that_there_is_nothing(soa: tuple[int, int] | None, seconds: int) -> None:
    server = NameServer({"A a.example": NXDOMAIN, "A b.example": NO_ERROR}, soa=soa)
    now = 0.0

    async def again(resolver: Resolver) -> None:
        nonlocal now
        for label in "abab":
            assert await resolver.a(f"{label}.example") == ()
        now = seconds - 1
        assert not await resolver.exists("a.example")
        assert await resolver.exists("b.example")
        assert server.asked == ["A a.example", "A b.example"]
        now = seconds + 1
        assert await resolver.a("a.example") == ()

    ask(server, again, ticks=lambda: now)
    assert server.asked == ["A a.example", "A b.example", "A a.example"]


def test_an_answer_without_lifetime_is_not_remembered() -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])]}, ttl=0)

    async def twice(resolver: Resolver) -> None:
        for _ in range(2):
            assert await resolver.a("a.example") == ("192.0.2.1",)

    ask(server, twice)
    assert server.asked == ["A a.example"] * 2


def test_what_is_asked_already_is_not_asked_again() -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])]})

    async def together(resolver: Resolver) -> list[tuple[str, ...]]:
        resolver.expect("A.example.", "A")
        given_up = asyncio.create_task(resolver.a("a.example"))
        await asyncio.sleep(0)
        given_up.cancel()
        return await asyncio.gather(*(resolver.a("a.example") for _ in range(3)))

    assert ask(server, together) == [("192.0.2.1",)] * 3
    assert server.asked == ["A a.example"]


@pytest.mark.parametrize("ttl", [0, 60])
def test_what_is_expected_is_held_for_who_comes_later(ttl: int) -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])], "A b.example": SERVFAIL}, ttl=ttl)

    async def later(resolver: Resolver) -> None:
        resolver.expect("a.example", "A")
        resolver.expect("b.example", "A")
        await resolver.a("c.example")
        asked = list(server.asked)
        assert await resolver.a("a.example") == ("192.0.2.1",)
        with pytest.raises(UnavailableError):
            await resolver.a("b.example")
        assert server.asked == asked
        with pytest.raises(UnavailableError):
            await resolver.a("b.example")
        assert server.asked == [*asked, "A b.example", "A b.example"]

    server.zone["A c.example"] = NXDOMAIN
    ask(server, later)


def test_what_is_expected_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])]})

    async def unread(resolver: Resolver) -> None:
        resolver.expect("a.example", "A")
        await server.heard.wait()
        channel = resolver._channel
        assert channel is not None
        assert not channel.is_listening
        monkeypatch.setattr(dns_channel.Channel, "wait", None)  # nobody needs to: it has come
        assert await resolver.a("a.example") == ("192.0.2.1",)

    ask(server, unread)
    assert server.asked == ["A a.example"]


def test_what_lies_in_the_socket_is_not_late() -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])]})

    async def late(resolver: Resolver) -> None:
        resolver.expect("a.example", "A")
        await asyncio.sleep(0.3)  # its first try is over
        assert await resolver.a("a.example") == ("192.0.2.1",)

    ask(server, late, timeout=0.2)
    assert server.asked == ["A a.example"]


def test_a_failure_shows_also_to_who_comes_later() -> None:
    server = NameServer({"A a.example": SERVFAIL, "A b.example": [bytes([192, 0, 2, 1])]})

    async def later(resolver: Resolver) -> None:
        resolver.expect("a.example", "A")
        await server.heard.wait()
        with pytest.raises(UnavailableError, match="says 2"):
            await resolver.a("a.example")
        assert await resolver.a("b.example") == ("192.0.2.1",)

    ask(server, later)
    assert server.asked == ["A a.example", "A a.example", "A b.example"]


def test_many_expected_answers_do_not_fill_the_socket() -> None:
    names = [f"{number}.example" for number in range(20 * dns_channel.MOST_UNHEARD)]
    server = NameServer({f"A {name}": [bytes([192, 0, 2, 1])] * 50 for name in names})

    async def many(resolver: Resolver) -> None:
        for name in names:
            resolver.expect(name, "A")
            await asyncio.sleep(0)
        for name in names:
            assert len(await resolver.a(name)) == 50

    ask(server, many)
    assert len(server.asked) == len(names)


def test_a_lost_question_is_put_again() -> None:
    server = NameServer({"A a.example": [bytes([192, 0, 2, 1])]}, silences=1)
    assert ask(server, lambda resolver: resolver.a("a.example"), timeout=1.0) == ("192.0.2.1",)
    assert server.asked == ["A a.example"] * 2


def test_sockets_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns_channel, "MOST_QUESTIONS", 3)
    server = NameServer({f"A {number}.example": [bytes([192, 0, 2, number])] for number in range(20)})

    async def many(resolver: Resolver) -> list[tuple[str, ...]]:
        return await asyncio.gather(*(resolver.a(f"{number}.example") for number in range(20)))

    assert ask(server, many) == [(f"192.0.2.{number}",) for number in range(20)]
    assert len(server.clients) == 7


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_dead_server_shows_at_once_and_is_found_again(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def run() -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        first, _ = await loop.create_datagram_endpoint(lambda: NameServer({}), local_addr=("127.0.0.1", 0))
        place = first.get_extra_info("sockname")
        first.close()
        await asyncio.sleep(0)
        resolver = Resolver(place[0], place[1], timeout=600)
        for name in ("a.example", "b.example"):
            with pytest.raises(UnavailableError, match=rf"{name} A: .*refused"):
                await resolver.a(name)
        together = [resolver.a(f"{number}.example") for number in range(9)]
        failures = await asyncio.gather(*together, return_exceptions=True)
        assert all(isinstance(failure, UnavailableError) for failure in failures)
        server = NameServer({"A a.example": [bytes([192, 0, 2, 1])]})
        again, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=place)
        try:
            return await resolver.a("a.example")
        finally:
            resolver.close()
            again.close()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(run()) == ("192.0.2.1",)


def test_giving_up_answers_who_waits() -> None:
    async def given_up(resolver: Resolver) -> None:
        waiting = asyncio.create_task(resolver.a("a.example"))
        await asyncio.sleep(0)
        resolver.close()
        with pytest.raises(UnavailableError, match="given up"):
            await waiting

    ask(NameServer({}), given_up)


def test_giving_up_answers_also_who_waits_for_tcp_that_has_not_begun() -> None:
    server = NameServer({"A a.example": TRUNCATED})

    async def given_up(resolver: Resolver) -> None:
        resolver.expect("a.example", "A")
        await server.heard.wait()
        waiting = asyncio.create_task(resolver.a("a.example"))
        await asyncio.sleep(0)
        resolver.close()
        with pytest.raises(UnavailableError, match="given up"):
            await asyncio.wait_for(waiting, 20)

    ask(server, given_up)
