"""DNS messages as bytes: against dnspython's, and whatever else may come."""

from __future__ import annotations

import asyncio

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailcenter.serve.gate import dns_wire
from mailcenter.serve.gate.dns import Resolver
from mailcenter.serve.gate.dns_wire import Kind, MalformedError, Reply
from mailcenter.serve.gate.ports import MailHost, UnavailableError

KINDS: tuple[Kind, ...] = ("A", "AAAA", "PTR", "MX", "TXT")
SIGNATURE = "A 13 2 60 20300101000000 20200101000000 1 example. c2ln"


def answer(kind: Kind, *records: tuple[int, str, str, str], below: tuple[tuple[int, str, str, str], ...] = ()) -> bytes:
    """To the question about `a.example`, as dnspython writes it; records as (lifetime, owner, kind, text)."""
    query = dns.message.from_wire(dns_wire.message(7, dns_wire.asked("a.example", kind)))
    message = dns.message.make_response(query, recursion_available=True)
    message.use_edns(edns=False)
    for section, held in ((message.answer, records), (message.authority, below)):
        section.extend(dns.rrset.from_text(owner, ttl, "IN", kind_, text) for ttl, owner, kind_, text in held)
    return message.to_wire()


def read(data: bytes, kind: Kind) -> Reply:
    return dns_wire.read(data, dns_wire.asked("a.example", kind), kind)


def test_the_question() -> None:
    message = dns.message.from_wire(dns_wire.message(7, dns_wire.asked("a b.example", "MX")))
    assert message.id == 7
    assert [str(one) for one in message.question] == ["a\\032b.example. IN MX"]
    assert message.flags == dns.flags.RD
    assert (message.edns, message.payload) == (0, 1232)


@pytest.mark.parametrize(
    ("kind", "texts", "records"),
    [
        ("A", ["192.0.2.1"], ("192.0.2.1",)),
        ("AAAA", ["2001:db8::1"], ("2001:db8::1",)),
        ("PTR", ["Host.A.example.", r"a\.b\\c\007.example."], ("host.a.example", r"a\.b\\c\007.example")),
        ("MX", ["10 mx.a.example.", "0 ."], (MailHost(10, "mx.a.example"), MailHost(0, ""))),
        ("TXT", [r'"v=spf1" " -all"', r'"\228"'], ("v=spf1 -all", "ä")),
    ],
)
def test_records(kind: Kind, texts: list[str], records: tuple[object, ...]) -> None:
    signed = (5, "a.example.", "RRSIG", SIGNATURE) if kind == "A" else (60, "a.example.", kind, texts[0])
    data = answer(kind, *((60, "a.example.", kind, text) for text in texts), signed)
    assert read(data, kind).records[: len(records)] == records


def test_an_alias_lives_no_longer_than_each_of_its_steps() -> None:
    data = answer("A", (5, "a.example.", "CNAME", "b.example."), (60, "b.example.", "A", "192.0.2.1"))
    assert read(data, "A") == Reply(0, False, ("192.0.2.1",), 5)


def test_nothing_lives_as_long_as_the_zone_says() -> None:
    assert read(answer("A"), "A") == Reply(0, False, (), None)
    data = answer("A", below=((60, "example.", "SOA", "ns.example. h.example. 1 2 3 4 30"),))
    assert read(data, "A") == Reply(0, False, (), 30)


def test_what_is_too_long_says_so() -> None:
    data = bytearray(answer("A"))
    data[2] |= 2
    assert read(bytes(data), "A").truncated


def test_answers_to_other_questions() -> None:
    data = answer("A", (60, "a.example.", "A", "192.0.2.1"))
    for name, kind in (("b.example", "A"), ("a.example", "MX")):
        with pytest.raises(MalformedError):
            dns_wire.read(data, dns_wire.asked(name, kind), kind)  # type: ignore[arg-type]
    with pytest.raises(MalformedError):
        read(dns_wire.message(7, dns_wire.asked("a.example", "A")), "A")
    assert read(data.replace(b"\x01a\x07example", b"\x01A\x07eXample"), "A").records == ("192.0.2.1",)


@pytest.mark.parametrize("kind", KINDS)
@given(data=some.data())
def test_nothing_but_an_error_comes_of_rubbish(kind: Kind, data: some.DataObject) -> None:
    whole = bytearray(answer(kind) + b"\xc0\x0c" + data.draw(some.binary(max_size=80)))
    whole[7] = data.draw(some.integers(0, 3))
    for _ in range(data.draw(some.integers(0, 3))):
        whole[data.draw(some.integers(0, len(whole) - 1))] = data.draw(some.integers(0, 255))
    try:
        reply = read(bytes(whole[: data.draw(some.integers(0, len(whole)))]), kind)
    except MalformedError:
        return
    assert all(isinstance(record, str | MailHost) for record in reply.records)


def test_a_name_that_leads_in_circles() -> None:
    start = len(answer("PTR"))
    for pointer in (start + 12, start + 14):
        record = b"\xc0\x0c\0\x0c\0\1\0\0\0\x3c\0\x04\x01x" + bytes((0xC0 | pointer >> 8, pointer & 255))
        data = bytearray(answer("PTR") + record)
        data[7] = 1
        with pytest.raises(MalformedError):
            read(bytes(data), "PTR")


@pytest.mark.parametrize("answers", [True, False])
def test_long_answers_come_by_tcp(answers: bool) -> None:
    texts = tuple((60, "a.example.", "TXT", f'"{number} {"x" * 200}"') for number in range(20))

    class Short(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            short = bytearray(answer("TXT"))
            short[:3] = data[:2] + bytes((short[2] | 2,))
            self.transport.sendto(bytes(short), addr)

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        data = answer("TXT", *texts)
        writer.write(len(data).to_bytes(2, "big") + data if answers else b"")
        writer.close()

    async def run() -> int:
        server = await asyncio.start_server(whole, "127.0.0.1", 0)
        place = server.sockets[0].getsockname()
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Short, local_addr=place)
        resolver = Resolver(*place, timeout=30)
        try:
            return len(await resolver.txt("a.example"))
        finally:
            resolver.close()
            transport.close()
            server.close()

    if answers:
        assert asyncio.run(run()) == len(texts)
    else:
        with pytest.raises(UnavailableError, match=r"dns: a\.example TXT"):
            asyncio.run(run())
