"""Names that c-ares does not ask about: the messages, and the way over a name server of our own."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailcenter.serve.gate.odd_names import HOST_NAME, Kind, OddNames
from mailcenter.serve.gate.ports import UnavailableError
from tests.unit.serve.gate.test_dns import NXDOMAIN, SERVFAIL, NameServer, wire

NAME = "a+b=c:80.odd name.example"


def ask(server: NameServer, kind: Kind, name: str = NAME, *, timeout: float = 3.0) -> tuple[str, ...]:
    async def run() -> tuple[str, ...]:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=("127.0.0.1", 0)
        )
        try:
            return await OddNames("127.0.0.1", transport.get_extra_info("sockname")[1], timeout).ask(name, kind)
        finally:
            transport.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "data", "found"),
    [
        ("a", [bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])], ("192.0.2.1", "192.0.2.2")),
        ("aaaa", [bytes(15) + b"\x01"], ("::1",)),
        ("mx", [b"\0\x14" + wire("b.example"), b"\0\x0a" + wire("C.example"), b"\0\x1e\xc0\x0c"], None),
        ("txt", [b"\x06v=spf1\x05 -all"], ("v=spf1 -all",)),
        ("ptr", [wire("h.example")], ("h.example",)),
        ("a", [], ()),
    ],
)
def test_records(kind: Kind, data: list[bytes], found: tuple[str, ...] | None) -> None:
    server = NameServer({f"{kind.upper()} {NAME}": data})
    assert ask(server, kind) == (("c.example", "b.example", NAME) if found is None else found)


def test_no_such_name_is_nothing_and_a_failure_is_none() -> None:
    assert ask(NameServer({f"A {NAME}": NXDOMAIN}), "a") == ()
    with pytest.raises(UnavailableError):
        ask(NameServer({f"A {NAME}": SERVFAIL}), "a")
    with pytest.raises(UnavailableError, match="no answer in"):
        ask(NameServer({}), "a", timeout=0.05)


def test_which_names_are_odd() -> None:
    assert HOST_NAME.match("_spf.a-1.example")
    assert not any(map(HOST_NAME.match, (NAME, "a:8080.example", "a%b.example", "")))


@given(some.binary(max_size=120))
def test_nothing_but_an_error_comes_of_rubbish(data: bytes) -> None:
    server = NameServer({f"MX {NAME}": [data]})
    try:
        assert all(isinstance(name, str) for name in ask(server, "mx"))
    except UnavailableError:
        assert server.asked
