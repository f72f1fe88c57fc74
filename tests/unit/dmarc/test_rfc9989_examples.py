"""The examples of RFC 9989 appendix B, each by its section."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from mailcenter.dmarc.evaluation import conduct, evaluate
from mailcenter.dmarc.evidence import Evidence, Trust, decide
from mailcenter.dmarc.outcome import DkimResult, Outcome, SpfResult
from mailcenter.dmarc.record import parse_record
from mailcenter.dmarc.words import Policy, Result
from tests.unit.dmarc.zones import Zone, walked

RUA = "rua=mailto:dmarc-feedback@example.com"
ONE = {"example.com": f"v=DMARC1; p=reject; {RUA}"}
TWO = ONE | {"signing.example.com": "v=DMARC1; p=none"}
BANK = {"bank.example": "v=DMARC1; p=none; psd=y", "giant.bank.example": "v=DMARC1; p=reject"}
DEEP = "a.b.c.d.e.f.g.h.i.j.k.example.com"


@dataclass(frozen=True)
class Example:
    """Who is author, what SPF and DKIM proved (empty: nothing), and which of them is aligned."""

    section: str
    author: str
    spf: str
    dkim: str
    aligned: set[str]
    zone: dict[str, str] = field(default_factory=lambda: ONE)
    policy_domain: str = "example.com"
    organizational_domain: str = "example.com"


EXAMPLES = [
    Example("B.1.1 example 1, strict", "example.com", "example.com", "", {"spf"}),
    Example("B.1.1 example 2, relaxed", "example.com", "child.example.com", "", {"spf"}),
    Example("B.1.1 example 3", "child.example.com", "example.net", "", set()),
    Example("B.1.2 example 1, strict", "example.com", "", "example.com", {"dkim"}),
    Example("B.1.2 example 2, relaxed", "child.example.com", "", "example.com", {"dkim"}),
    Example("B.1.2 example 3", "child.example.com", "", "example.net", set()),
    Example("B.3.1", "example.com", "mail.example.com", "example.com", {"spf", "dkim"}),
    Example("B.4.1", "example.com", "example.com", "signing.example.com", {"spf", "dkim"}, TWO),
    Example("B.4.2", DEEP, "example.com", "signing.example.com", {"spf", "dkim"}, TWO),
    Example(
        "B.4.3",
        "giant.bank.example",
        "mail.giant.bank.example",
        "mail.mega.bank.example",
        {"spf"},
        BANK,
        "giant.bank.example",
        "giant.bank.example",
    ),
]


def judged(example: Example, zone: Zone) -> Outcome:
    spf = SpfResult(example.spf, "pass") if example.spf else None
    signatures = [DkimResult(example.dkim, "s1", "pass")] if example.dkim else []
    return conduct(evaluate(example.author, spf, signatures), zone)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.section)
def test_alignment_and_policy(example: Example) -> None:
    outcome = judged(example, Zone(example.zone))
    found = {name for name, is_aligned in (("spf", outcome.spf_aligned), ("dkim", outcome.dkim_aligned)) if is_aligned}
    assert found == example.aligned
    assert outcome.result is (Result.PASS if example.aligned else Result.FAIL)
    assert (outcome.policy_domain, outcome.organizational_domain) == (
        example.policy_domain,
        example.organizational_domain,
    )


@pytest.mark.parametrize("example", EXAMPLES[:6], ids=lambda example: example.section)
def test_strictly_only_the_same_name_is_aligned(example: Example) -> None:
    strict = {"example.com": "v=DMARC1; p=reject; adkim=s; aspf=s"}
    same = example.author in (example.spf, example.dkim)
    assert judged(example, Zone(strict)).result is (Result.PASS if same else Result.FAIL)


def test_a_deep_name_is_walked_in_eight_questions() -> None:
    zone = Zone(TWO)
    assert walked(DEEP, zone).organizational_domain == "example.com"
    names = [DEEP, "g.h.i.j.k.example.com", "h.i.j.k.example.com", "i.j.k.example.com", "j.k.example.com"]
    assert zone.asked == [f"_dmarc.{name}" for name in (*names, "k.example.com", "example.com", "com")]


@pytest.mark.parametrize(
    ("domain", "organizational_domain", "last_asked"),
    [
        ("giant.bank.example", "giant.bank.example", "_dmarc.bank.example"),
        ("mail.giant.bank.example", "giant.bank.example", "_dmarc.bank.example"),
        ("mail.mega.bank.example", "mega.bank.example", "_dmarc.bank.example"),
    ],
)
def test_a_public_suffix_ends_the_walk(domain: str, organizational_domain: str, last_asked: str) -> None:
    zone = Zone(BANK)
    assert walked(domain, zone).organizational_domain == organizational_domain
    assert zone.asked[-1] == last_asked


@pytest.mark.parametrize(
    ("section", "text", "policy", "applied"),
    [
        ("B.2.1", f"v=DMARC1; p=none; {RUA}", "none", "none"),
        ("B.2.2", f"v=DMARC1; p=none; {RUA}; ruf=mailto:auth-reports@example.com", "none", "none"),
        ("B.2.3", f"v=DMARC1; p=none; {RUA}; ruf=mailto:auth-reports@thirdparty.example.net", "none", "none"),
        ("B.2.5 testing", f"v=DMARC1; p=quarantine; {RUA},mailto:t@thirdparty.example.net; t=y", "quarantine", "none"),
        ("B.2.5 after it", f"v=DMARC1; p=reject; {RUA},mailto:t@thirdparty.example.net", "reject", "reject"),
    ],
)
def test_records_of_owners(section: str, text: str, policy: str, applied: str) -> None:
    record = parse_record(text)
    assert record is not None
    assert record.errors == (), section
    outcome = judged(Example(section, "example.com", "", "", set()), Zone({"example.com": text}))
    assert (outcome.published_policy, outcome.policy) == (policy, applied)
    assert decide(outcome, Evidence(), Trust()).disposition == applied


def test_a_known_forwarder_is_weighed_before_the_policy() -> None:
    """B.3.1: what a trusted forwarder hands on is not refused although SPF and DKIM broke on the way."""
    outcome = judged(Example("B.3.1", "example.com", "", "", set()), Zone(ONE))
    assert decide(outcome, Evidence(), Trust()).disposition is Policy.REJECT
    assert decide(outcome, Evidence(client_is_trusted_forwarder=True), Trust()).disposition is Policy.NONE


def test_who_knows_nothing_more_does_not_refuse() -> None:
    """Section 7.4: where what might speak for the mail could not be looked at, `reject` counts as `quarantine`."""
    outcome = judged(Example("7.4", "example.com", "", "", set()), Zone(ONE))
    assert decide(outcome, Evidence(is_complete=False), Trust()).disposition is Policy.QUARANTINE
