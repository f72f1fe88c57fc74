"""Greetings, honest and false."""

from __future__ import annotations

import pytest

from mailcenter.policy.helo import helo_faults, looks_dynamic

HOST = "mail.demo.example"
CLIENT = "192.0.2.17"


@pytest.mark.parametrize(
    ("helo", "client", "faults"),
    [
        ("mx.other.example", CLIENT, ()),
        ("localhost", CLIENT, ()),
        ("", CLIENT, ()),
        ("[192.0.2.17]", CLIENT, ()),
        ("[IPv6:2001:db8::1]", "2001:db8:0::1", ()),
        ("Mail.Demo.Example.", CLIENT, ("own-name",)),
        ("192.0.2.17", CLIENT, ("bare-address",)),
        ("192.0.2.18", CLIENT, ("bare-address",)),
        ("2001:db8::1", CLIENT, ("bare-address",)),
        ("[192.0.2.18]", CLIENT, ("wrong-literal",)),
        ("[nonsense]", CLIENT, ("wrong-literal",)),
        ("[192.0.2.17", CLIENT, ("wrong-literal",)),
        ("[IPv6:2001:db8::2]", "2001:db8::1", ("wrong-literal",)),
        ("dsl-192-0-2-17.isp.example", CLIENT, ("dynamic-pool",)),
    ],
)
def test_faults(helo: str, client: str, faults: tuple[str, ...]) -> None:
    assert helo_faults(helo, client, HOST) == faults


def test_the_name_by_reverse_dns_tells_as_well() -> None:
    assert helo_faults("mx.other.example", CLIENT, HOST, "17.2.dyn.isp.example") == ("dynamic-pool",)


@pytest.mark.parametrize(
    ("name", "dynamic"),
    [
        ("dsl-192-0-2-17.isp.example", True),
        ("17.2.0.192.dynamic.isp.example", True),
        ("cable-2-17.isp.example", True),
        ("pool-017-002.isp.example", True),
        ("host-192-0-2-17.isp.example", False),
        ("mail17.isp.example", False),
        ("dynamics.example", False),
        ("mail.dyn.example", False),
        ("dsl-192-0-2-18.isp.example", False),
    ],
)
def test_dynamic(name: str, dynamic: bool) -> None:
    assert looks_dynamic(name, CLIENT) is dynamic
