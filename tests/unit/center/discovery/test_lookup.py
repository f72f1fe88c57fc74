"""The records of a domain as a resolver gives them."""

from __future__ import annotations

from mailcenter.center.discovery.lookup import MOST_SHOWN, look_up
from mailcenter.center.discovery.records import Wanted
from mailcenter.settings.model import Dns
from tests.harness.name_server import serves


def test_records_are_shown_as_people_write_them() -> None:
    zone = {
        ("a.example", "MX"): ["20 MX2.a.example.", "10 mx.a.example."],
        ("a.example", "TXT"): ['"v=spf1 " "mx -all"', '"other"'],
        ("autoconfig.a.example", "CNAME"): ["Mail.P.example."],
        ("_imaps._tcp.a.example", "SRV"): ["0 1 993 Mail.p.example."],
        ("b.example", "MX"): ["0 ."],
        ("many.example", "TXT"): [f'"{number}"' for number in range(MOST_SHOWN + 1)],
    }
    wanted = [
        Wanted("a.example", "MX", "", "delivery"),
        Wanted("a.example", "TXT", "", "sender"),
        Wanted("autoconfig.a.example", "CNAME", "", "programs"),
        Wanted("_imaps._tcp.a.example", "SRV", "", "programs"),
        Wanted("b.example", "MX", "", "delivery"),
        Wanted("b.example", "TXT", "", "sender"),
        Wanted("gone.example", "MX", "", "delivery"),
        Wanted("silent", "MX", "", "delivery"),
        Wanted("many.example", "TXT", "", "sender"),
    ]
    with serves(zone) as server:
        *found, many = look_up(Dns(address="127.0.0.1", port=server.port), wanted)
    assert found == [
        ("10 mx.a.example", "20 mx2.a.example"),
        ("other", "v=spf1 mx -all"),
        ("mail.p.example",),
        ("0 1 993 mail.p.example",),
        ("0 .",),
        (),
        (),
        None,
    ]
    assert many is not None
    assert len(many) == MOST_SHOWN


def test_no_records_are_asked_for() -> None:
    assert look_up(Dns(), []) == []
