"""The resolver port against a name server of our own: answers, nothing, failures, memory."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

import pytest

from mailcenter.serve.gate import dns
from mailcenter.serve.gate.dns import Resolver
from mailcenter.serve.gate.ports import MailHost, UnavailableError

NO_ERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
TYPES = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers by `TYPE name`: a code, or the data of records. What it does not know it leaves unanswered."""

    zone: dict[str, int | list[bytes]]
    ttl: int = 60
    asked: list[str] = field(default_factory=list)

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
        if key not in self.zone:
            return
        known = self.zone[key]
        records, code = ([], known) if isinstance(known, int) else (known, NO_ERROR)
        header = data[:2] + struct.pack(">5H", 0x8180 | code, 1, len(records), 0, 0)
        answers = (struct.pack(">3HIH", 0xC00C, TYPES[kind], 1, self.ttl, len(record)) + record for record in records)
        self.transport.sendto(header + data[12 : at + 5] + b"".join(answers), addr)


def ask(server: NameServer, question: Callable[[Resolver], Awaitable[object]], *, timeout: float = 3.0) -> object:
    async def run() -> object:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=("127.0.0.1", 0)
        )
        resolver = Resolver("127.0.0.1", transport.get_extra_info("sockname")[1], timeout=timeout)
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
    "name", ["", "a..example", f"{'x' * 64}.example", "ä.example", "a b.example", "x." * 130 + "x"]
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


def test_remembers_that_there_is_nothing() -> None:
    server = NameServer({"A a.example": NXDOMAIN, "A b.example": NO_ERROR})
    now = 0.0

    async def again(resolver: Resolver) -> None:
        nonlocal now
        for label in "abab":
            assert await resolver.a(f"{label}.example") == ()
        assert not await resolver.exists("a.example")
        now = dns.NEGATIVE_MEMORY + 1
        assert await resolver.a("a.example") == ()

    async def run() -> None:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=("127.0.0.1", 0)
        )
        port = transport.get_extra_info("sockname")[1]
        resolver = Resolver("127.0.0.1", port, timeout=3.0, ticks=lambda: now)
        try:
            await again(resolver)
        finally:
            resolver.close()
            transport.close()

    asyncio.run(run())
    assert server.asked == ["A a.example", "A b.example", "A a.example"]
