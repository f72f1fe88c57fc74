"""SPF beside the other scanners: what is told and kept, what a failing DNS means, and whom it is not asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mailcenter.dmarc.evidence import Trust
from mailcenter.mail.authres import MethodResult
from mailcenter.milter.modifications import InsertHeader
from mailcenter.milter.responses import Response
from mailcenter.serve.gate.dmarc import Dmarc
from mailcenter.serve.gate.ports import Findings
from mailcenter.serve.gate.spf import Spf
from tests.unit.serve.gate.world import Dialogue, World, reply

FROM = "<a@b.test>"


def send(
    world: World, records: dict[str, tuple[str, ...]], *, mail_from: str = FROM, service: str = "mx"
) -> Sequence[Response]:
    """A mail of the client 192.0.2.1, with DMARC around as in the gate."""
    world.dns.records.update(records)
    world.findings = Findings(0.1, authentication=(MethodResult("dkim", "none"),))
    login = "alice@demo.example" if service == "submission" else ""
    scanner = Dmarc(Spf(world, world.dns, world.canary, timeout=5), world.dns, world, Trust(), timeout=5)
    dialogue = Dialogue(world, replace(world.desk(), scanner=scanner), service=service, login=login)
    dialogue.mail(f"<{login}>" if login else mail_from)
    dialogue.rcpt("<bob@demo.example>")
    return dialogue.message("a@b.test")


def told(responses: Sequence[Response]) -> str:
    fields = [one.value for one in responses if isinstance(one, InsertHeader)]
    return b"".join(fields).decode()


def record(text: str) -> dict[str, tuple[str, ...]]:
    return {"TXT b.test": ("unrelated", f"v=spf1 {text}"), "A b.test": ("192.0.2.1",)}


@pytest.mark.parametrize(
    ("text", "result"),
    [("ip4:192.0.2.0/24 -all", "pass"), ("a//64 -all", "pass"), ("ip4:192.0.2.9 -all", "fail"), ("x", "permerror")],
)
def test_is_told_and_kept(text: str, result: str) -> None:
    world = World()
    assert f"spf={result} smtp.mailfrom=a@b.test" in told(send(world, record(text)))
    assert world.records[0].facts["spf"]["result"] == result
    assert world.records[0].facts["spf"]["domain"] == "b.test"


def test_carries_dmarc() -> None:
    policy = {"TXT _dmarc.b.test": ("v=DMARC1; p=reject",)}
    assert "dmarc=pass" in told(send(World(), record("ip4:192.0.2.1 -all") | policy))
    assert reply(send(World(), record("ip4:192.0.2.9 -all") | policy))[0] == 550


def test_a_record_of_addresses_costs_one_question() -> None:
    world = World()
    send(world, record("ip4:198.51.100.0/24 ip4:192.0.2.0/24 -all"))
    assert world.dns.asked.count("TXT b.test") == 1
    assert not [asked for asked in world.dns.asked if asked.startswith("TXT") and "_dmarc" not in asked][1:]


def test_a_notice_is_judged_by_helo() -> None:
    found = told(send(World(), {"TXT helo.test": ("v=spf1 ip4:192.0.2.1",)}, mail_from="<>"))
    assert "spf=pass smtp.helo=helo.test" in found


def test_a_domain_without_an_answer_is_a_result() -> None:
    world = World()
    world.dns.failing.add("gone.test")
    assert "spf=temperror" in told(send(world, record("include:gone.test -all")))


def test_a_resolver_without_an_answer_defers() -> None:
    world = World(down={"resolver"})
    world.dns.failing.add("gone.test")
    assert reply(send(world, record("include:gone.test -all")))[0] == 451


def test_our_users_are_not_judged() -> None:
    world = World()
    send(world, record("-all"), service="submission")
    assert "spf" not in world.records[0].facts


def test_a_name_that_no_host_has_is_asked_about_as_well() -> None:
    world = World()
    world.dns.records["A a@b.test.b.test"] = ("127.0.0.2",)
    assert "spf=pass" in told(send(world, record("exists:%{s}.b.test -all")))
