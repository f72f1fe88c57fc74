"""DMARC in whole dialogues in memory: what is refused, quarantined, deferred, told and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from mailcenter.dmarc.evidence import Trust
from mailcenter.mail.authres import MethodResult, Property
from mailcenter.milter.modifications import InsertHeader
from mailcenter.milter.responses import Response
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rulebook import RuleChange
from mailcenter.policy.senders import SenderEntry
from mailcenter.serve.gate.dmarc import Dmarc
from mailcenter.serve.gate.ports import Findings
from tests.unit.serve.gate.world import Dialogue, World, reply

ZONE = {
    "TXT _dmarc.reject.example": ("v=DMARC1; p=reject; sp=quarantine; np=reject",),
    "A real.reject.example": ("192.0.2.9",),
    "TXT _dmarc.junk.example": ("unrelated", "v=DMARC1; p=quarantine"),
    "TXT _dmarc.watch.example": ("v=DMARC1; p=none",),
    "TXT _dmarc.trial.example": ("v=DMARC1; p=reject; t=y",),
    "TXT _dmarc.broken.example": ("v=DMARC1; p=nonsense",),
}
TRUST = Trust(arc_sealers=frozenset({"sealer.example"}))
ARC_HEADERS = (
    ("ARC-Seal", f" i=1; a=rsa-sha256; cv=none; d=mx.sealer.example; s=x; b={'QUJD' * 43}"),
    ("ARC-Message-Signature", f" i=1; a=rsa-sha256; d=mx.sealer.example; s=x; h=from; bh=AA; b={'QUJD' * 43}"),
    ("ARC-Authentication-Results", " i=1; mx.sealer.example; dmarc=pass header.from=reject.example"),
)


def dkim(domain: str, result: str = "pass") -> MethodResult:
    return MethodResult("dkim", result, (Property("header", "d", domain), Property("header", "s", "s1")))


def spf(result: str, sender: str = "a@b.test") -> MethodResult:
    return MethodResult("spf", result, (Property("smtp", "mailfrom", sender),))


NOTHING_PROVEN = (spf("fail"), MethodResult("dkim", "none"))
RSPAMDS = MethodResult("dmarc", "pass", (Property("header", "from", "wrong.example"),))
ARC_PASS = MethodResult("arc", "pass")


@dataclass
class Case:
    """A mail of `author` for which the scanner found `results`."""

    author: str = "a@reject.example"
    results: tuple[MethodResult, ...] = NOTHING_PROVEN
    headers: tuple[tuple[str, str], ...] = ()
    failing: set[str] = field(default_factory=set)
    recipients: tuple[str, ...] = ("<alice@demo.example>", "<bob@demo.example>")
    world: World = field(default_factory=World)
    service: str = "mx"
    score: float = 0.1

    def send(self) -> Sequence[Response]:
        world = self.world
        world.findings = Findings(self.score, authentication=(*self.results, RSPAMDS))
        world.dns.records.update(ZONE)
        world.dns.failing |= self.failing
        desk = world.desk()
        login = "alice@demo.example" if self.service == "submission" else ""
        dialogue = Dialogue(
            world,
            replace(desk, scanner=Dmarc(world, world.dns, world, TRUST, timeout=5.0)),
            service=self.service,
            login=login,
        )
        dialogue.mail("<alice@demo.example>" if login else "<a@b.test>")
        for recipient in self.recipients:
            dialogue.rcpt(recipient)
        for name, value in self.headers:
            dialogue.header(name, value)
        return dialogue.message(self.author)


def fields(responses: Sequence[Response]) -> dict[bytes, bytes]:
    return {change.name: change.value.strip() for change in responses if isinstance(change, InsertHeader)}


REJECTED = "5.7.1 neither SPF nor DKIM proves the author's domain {}: DMARC policy of reject.example ({}=reject) [{}]"


@pytest.mark.parametrize(
    ("case", "author", "tag"),
    [
        (Case(), "reject.example", "p"),
        (Case(results=(spf("pass"), dkim("other.example"))), "reject.example", "p"),
        (Case(results=(spf("softfail"), dkim("reject.example", "fail"))), "reject.example", "p"),
        (Case(author="a@none.reject.example"), "none.reject.example", "np"),
        (
            Case(author="a@watch.example, b@reject.example", results=(spf("none"), dkim("watch.example"))),
            "reject.example",
            "p",
        ),
        (Case(headers=(("List-Id", " <list.reject.example>"),)), "reject.example", "p"),
        (Case(headers=ARC_HEADERS), "reject.example", "p"),
    ],
)
def test_refused(case: Case, author: str, tag: str) -> None:
    code, text = reply(case.send())
    (record,) = case.world.records
    assert (code, text) == (550, REJECTED.format(author, tag, record.reference))
    assert (record.verdict, record.rule) == ("reject", "dmarc")
    facts = record.facts["dmarc"]
    assert facts["result"] == "fail"
    assert facts["policy_evaluated"] == {"disposition": "reject", "dkim": "fail", "spf": "fail", "reason": []}
    assert f"dmarc=fail ({tag}=reject dis=reject) header.from={author}" in record.facts["authentication"]


LIST = (("List-Id", " The list <talk.lists.example>"),)
LISTED = (spf("pass", "bounce@lists.example"), dkim("lists.example"))


@pytest.mark.parametrize(
    ("case", "reasons"),
    [
        (Case(author="a@junk.example"), []),
        (Case(author="a@real.reject.example"), []),
        (Case(author="a@trial.example"), ["policy_test_mode"]),
        (Case(headers=LIST, results=LISTED), ["mailing_list"]),
        (Case(results=(dkim("x.example", "temperror"), spf("fail"))), ["local_policy"]),
        (Case(results=()), ["local_policy"]),
        (Case(recipients=("<alice@demo.example>", "<postmaster@mx.demo.example>")), ["local_policy"]),
    ],
)
def test_quarantined(case: Case, reasons: list[str]) -> None:
    added = fields(case.send())
    assert added[b"X-Mailcenter-Quarantine"] == b"dmarc"
    assert added[b"X-Spam-Flag"] == b"YES"
    assert b" dis=quarantine) header.from=" in added[b"Authentication-Results"]
    (record,) = case.world.records
    assert {recipient.treatment for recipient in record.recipients} == {"junk"}
    evaluated = record.facts["dmarc"]["policy_evaluated"]
    assert evaluated["disposition"] == "quarantine"
    assert [reason["type"] for reason in evaluated["reason"]] == reasons


@pytest.mark.parametrize(
    ("case", "result"),
    [
        (Case(results=(spf("pass", "a@reject.example"), MethodResult("dkim", "none"))), "pass"),
        (Case(results=(spf("pass", "a@mail.reject.example"), MethodResult("dkim", "none"))), "pass"),
        (Case(results=(spf("fail"), dkim("reject.example"))), "pass"),
        (Case(results=(MethodResult("spf", "pass", (Property("smtp", "helo", "mx.reject.example"),)),)), "pass"),
        (Case(author="a@watch.example"), "fail"),
        (Case(author="a@broken.example"), "permerror"),
        (Case(author="a@unknown.test"), "none"),
        (Case(headers=ARC_HEADERS, results=(*NOTHING_PROVEN, ARC_PASS)), "fail"),
        (Case(world=World(network_list=NetworkList([("192.0.2.0/24", "allow")]))), "fail"),
        (Case(world=World(rules=rule_book({}, [RuleChange("dmarc", enabled=False)]))), "fail"),
        (Case(author="a@watch.example", results=(spf("temperror", "a@watch.example"),)), "temperror"),
    ],
)
def test_accepted(case: Case, result: str) -> None:
    responses = case.send()
    assert reply(responses[-1:])[0] == 250
    added = fields(responses)
    assert b"X-Mailcenter-Quarantine" not in added
    found = added[b"Authentication-Results"].decode()
    assert f"dmarc={result} " in found
    assert "wrong.example" not in found, "Rspamd's own result gives way"
    (record,) = case.world.records
    assert record.facts["dmarc"]["result"] == result
    assert all(not recipient.junk for recipient in record.recipients)


@pytest.mark.parametrize(
    "case",
    [
        Case(failing={"_dmarc.reject.example"}),
        Case(failing={"*"}),
        Case(author="a@none.reject.example", failing={"none.reject.example"}),
        Case(results=(spf("fail"), dkim("reject.example", "temperror"))),
    ],
)
def test_a_failing_dns_only_defers(case: Case) -> None:
    code, text = reply(case.send())
    assert code == 451
    assert text.startswith("4.4.3 the DNS does not answer about domain ")
    (record,) = case.world.records
    assert (record.verdict, record.rule) == ("defer", "dmarc")


@pytest.mark.parametrize(("proven", "treatment"), [("unknown.test", "allowed"), ("other.test", "junk")])
def test_only_a_proven_author_is_allowed_by_a_list(proven: str, treatment: str) -> None:
    case = Case(author="a@unknown.test", results=(dkim(proven),), score=7.0)
    case.world.entries.append(SenderEntry("allow", "address", "a@unknown.test"))
    case.send()
    assert case.world.records[0].recipients[0].treatment == treatment


def test_more_authors_than_anybody_has_go_into_junk() -> None:
    case = Case(author=", ".join(f"a@d{number}.example" for number in range(11)))
    assert fields(case.send())[b"X-Mailcenter-Quarantine"] == b"dmarc"
    assert case.world.records[0].facts["dmarc"]["result"] == "permerror"


def test_what_a_zone_holds_is_bounded_in_the_ledger() -> None:
    case = Case(author="a@long.example")
    case.world.dns.records["TXT _dmarc.long.example"] = ("v=DMARC1; p=none; x=a\0\x01b" + "y" * 9000,)
    case.send()
    kept = case.world.records[0].facts["dmarc"]["record"]
    assert len(kept) == 2000
    assert "a??b" in kept


def test_our_users_mail_is_not_asked_about() -> None:
    case = Case(author="alice@demo.example", service="submission", recipients=("<x@remote.test>",))
    case.send()
    assert "dmarc" not in case.world.records[0].facts
    assert case.world.dns.asked == []


def test_a_chain_that_cannot_be_one_counts_for_nothing_although_the_verifier_passes_it() -> None:
    headers = tuple((name, value.replace("rsa-sha256", "rsa-sha1")) for name, value in ARC_HEADERS)
    case = Case(results=(*NOTHING_PROVEN, ARC_PASS), headers=headers)
    assert reply(case.send())[0] == 550
    told = case.world.records[-1].facts["authentication"]
    assert 'arc=fail reason="a=rsa-sha1" smtp.remote-ip=192.0.2.1' in told
    assert "arc=pass" not in told
