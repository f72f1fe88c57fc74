"""Where names lead, as a resolver says it."""

from __future__ import annotations

import pytest

from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.dns import Leads, judge
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.settings.load import parse
from mailcenter.settings.model import Settings
from tests.harness.name_server import serves


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _settings(port: int, host: str = "mail.p.example") -> Settings:
    dns = {"address": "127.0.0.1", "port": port}
    return parse({"host_name": host, "state_dir": "/nonexistent", "dns": dns}, source="test")


ZONE = {
    ("mail.p.example", "A"): ["192.0.2.1"],
    ("mail.p.example", "AAAA"): ["2001:DB8::0:1"],
    ("autoconfig.a.example", "CNAME"): ["mail.p.example."],
    ("autoconfig.b.example", "A"): ["192.0.2.1", "192.0.2.9"],
    ("autoconfig.c.example", "TXT"): ["here"],
}


def test_names_that_lead_here_and_elsewhere() -> None:
    with serves(ZONE) as server:
        leads = Leads(_settings(server.port))
        assert leads.fault("autoconfig.a.example") == ""
        assert leads.fault("autoconfig.b.example") == "it leads to 192.0.2.9, which is not this platform"
        assert leads.fault("autoconfig.c.example") == "it has no address in the DNS"
        assert leads.fault("autoconfig.gone.example") == "it has no address in the DNS"
        assert leads.fault("autoconfig.silent") == "its name servers do not answer"


def test_our_own_addresses_are_asked_for_once_in_a_round() -> None:
    clock, zone = Clock(), dict(ZONE)
    with serves(zone) as server:
        leads = Leads(_settings(server.port), clock)
        for _ in range(3):
            assert leads.fault("autoconfig.a.example") == ""
        assert server.asked.count("mail.p.example") == 2, "A and AAAA"
        zone[("mail.p.example", "A")] = ["192.0.2.1", "192.0.2.9"]
        clock.now = 11.0
        assert leads.fault("autoconfig.b.example") == ""


@pytest.mark.parametrize("host", ["gone.example", "p.silent"])
def test_we_do_not_know_our_own_addresses(host: str) -> None:
    with serves(ZONE) as server:
        leads = Leads(_settings(server.port, host))
        for _ in range(2):
            with pytest.raises(NotObtainedError, match=f"{host} has no address in the DNS") as caught:
                leads.fault("autoconfig.a.example")
            assert caught.value.problem is Problem.OURS


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"192.0.2.1"}, ""),
        ({"192.0.2.1", "2001:db8::1"}, ""),
        (set(), "it has no address in the DNS"),
        (None, "its name servers do not answer"),
        ({"192.0.2.1", "192.0.2.9"}, "it leads to 192.0.2.9, which is not this platform"),
    ],
)
def test_where_a_name_leads(found: set[str] | None, words: str) -> None:
    assert judge(found, {"192.0.2.1", "2001:db8::1"}) == words
