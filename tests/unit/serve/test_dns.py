"""Records of a name from a resolver that answers, says that there is nothing, fails, or is gone."""

from __future__ import annotations

import socket

import pytest
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from mailcenter.serve import dns
from mailcenter.settings.model import Dns
from tests.harness.name_server import answers_once, serves


def _texts(port: int, name: str, kind: RdataType) -> list[str] | None:
    found = dns.records(Dns(address="127.0.0.1", port=port), name, kind)
    return None if found is None else sorted(record.to_text() for record in found)


def test_records_also_those_of_an_alias() -> None:
    zone = {
        ("a.example", "A"): ["192.0.2.1", "192.0.2.2"],
        ("www.a.example", "CNAME"): ["a.example."],
        ("lost.a.example", "CNAME"): ["nothing.example."],
    }
    with serves(zone) as server:
        assert _texts(server.port, "A.example.", RdataType.A) == ["192.0.2.1", "192.0.2.2"]
        assert _texts(server.port, "www.a.example", RdataType.A) == ["192.0.2.1", "192.0.2.2"]
        assert _texts(server.port, "www.a.example", RdataType.CNAME) == ["a.example."]
        assert _texts(server.port, "lost.a.example", RdataType.A) == []


@pytest.mark.parametrize("name", ["b.example", "a..example", f"{'a' * 64}.example", "autoconfig." + "abc." * 63 + "c"])
def test_nothing_under_a_name_or_no_name_at_all(name: str) -> None:
    with serves({("a.example", "A"): ["192.0.2.1"]}) as server:
        assert _texts(server.port, name, RdataType.A) == []
        assert _texts(server.port, "a.example", RdataType.AAAA) == []


@pytest.mark.parametrize("code", [Rcode.SERVFAIL, Rcode.REFUSED])
def test_a_failure_is_not_nothing(code: Rcode) -> None:
    assert _texts(answers_once(code), "a.example", RdataType.A) is None


def test_a_silent_or_a_dead_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "SECONDS", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        assert _texts(port, "a.example", RdataType.A) is None
    assert _texts(port, "a.example", RdataType.A) is None
