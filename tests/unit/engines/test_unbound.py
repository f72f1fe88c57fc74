"""Zones and questions of the resolver."""

from __future__ import annotations

import socket

import pytest
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from mailcenter.engines.unbound.question import QuestionError, ask
from mailcenter.engines.unbound.zones import hidden_defaults, zone_files
from mailcenter.settings.model import Settings
from tests.harness.name_server import answers_once


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("demo.example", []),
        ("remote.test", ["test"]),
        ("2.0.192.in-addr.arpa", ["2.0.192.in-addr.arpa"]),
        ("5.168.192.in-addr.arpa", ["168.192.in-addr.arpa"]),
        ("99.64.100.in-addr.arpa", ["64.100.in-addr.arpa"]),
        ("contest", []),
        ("1.8.b.d.0.1.0.0.2.ip6.arpa", ["8.b.d.0.1.0.0.2.ip6.arpa"]),
    ],
)
def test_built_in_zones_must_not_hide_ours(name: str, hidden: list[str]) -> None:
    assert hidden_defaults([name]) == hidden


def test_the_zone_file_name_is_the_zone(demo: Settings) -> None:
    assert zone_files(demo) == []
    zones = demo.state_dir / "zones"
    zones.mkdir(parents=True)
    for name in ("b.example.zone", "A.example.zone", "notes.txt"):
        (zones / name).write_text("")
    assert [zone.name for zone in zone_files(demo)] == ["a.example", "b.example"]


def test_an_answer_is_read() -> None:
    assert ask("127.0.0.1", answers_once(Rcode.NOERROR, 2), "a.example", RdataType.A) == (Rcode.NOERROR, 2)
    assert ask("127.0.0.1", answers_once(Rcode.NXDOMAIN), "", RdataType.NS) == (Rcode.NXDOMAIN, 0)


def test_no_answer_is_an_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(QuestionError, match="timed out"):
            ask("127.0.0.1", silent.getsockname()[1], "a.example", RdataType.A, seconds=0.1)


def test_an_answer_to_another_question_is_an_error() -> None:
    port = answers_once(Rcode.NOERROR, change=lambda answer: bytes([answer[0] ^ 1]) + answer[1:])
    with pytest.raises(QuestionError, match="response"):
        ask("127.0.0.1", port, "a.example", RdataType.A)


def test_a_torn_answer_is_an_error() -> None:
    with pytest.raises(QuestionError, match="short"):
        ask("127.0.0.1", answers_once(Rcode.NOERROR, change=lambda answer: answer[:5]), "a.example", RdataType.A)
