"""Zones and questions of the resolver."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from mailcenter.engines.unbound.question import TYPE_A, QuestionError, ask
from mailcenter.engines.unbound.zones import hidden_defaults, zone_files
from mailcenter.settings.model import Settings


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


def _answer_once(answer: bytes, *, added_to_number: int = 0) -> int:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        with server:
            question, client = server.recvfrom(512)
            number = (int.from_bytes(question[:2], "big") + added_to_number) % 2**16
            server.sendto(number.to_bytes(2, "big") + answer, client)

    Thread(target=serve, daemon=True).start()
    port: int = server.getsockname()[1]
    return port


def test_an_answer_is_read() -> None:
    port = _answer_once(bytes.fromhex("8183 0001 0002 0000 0000"))
    assert ask("127.0.0.1", port, "a.example", TYPE_A) == (3, 2)


def test_no_answer_is_an_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(QuestionError, match="timed out"):
            ask("127.0.0.1", silent.getsockname()[1], "a.example", TYPE_A, seconds=0.1)


def test_an_answer_to_another_question_is_an_error() -> None:
    port = _answer_once(bytes.fromhex("8183 0001 0002 0000 0000"), added_to_number=1)
    with pytest.raises(QuestionError, match="another question"):
        ask("127.0.0.1", port, "a.example", TYPE_A)


def test_a_torn_answer_is_an_error() -> None:
    with pytest.raises(QuestionError, match="too short"):
        ask("127.0.0.1", _answer_once(b"x"), "a.example", TYPE_A)
