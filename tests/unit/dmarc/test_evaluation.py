"""The result for a message: alignment, policy, and what a failing DNS leaves of it (RFC 9989 section 5.3)."""

from __future__ import annotations

import pytest

from mailcenter.dmarc.evaluation import conduct, evaluate
from mailcenter.dmarc.outcome import DkimResult, Outcome, SpfResult, strictest
from mailcenter.dmarc.words import Policy, PolicyTag, Result
from tests.unit.dmarc.zones import Zone

REJECT = "v=DMARC1; p=reject"


def spf(domain: str, result: str = "pass") -> SpfResult:
    return SpfResult(domain, result)


def dkim(domain: str, result: str = "pass") -> DkimResult:
    return DkimResult(domain, "s1", result)


def judge(author: str, zone: Zone, *results: SpfResult | DkimResult) -> Outcome:
    envelope = next((result for result in results if isinstance(result, SpfResult)), None)
    return conduct(evaluate(author, envelope, [r for r in results if isinstance(r, DkimResult)]), zone)


@pytest.mark.parametrize(
    ("author", "identifier", "tags", "aligned"),
    [
        # the table of section 4.4
        ("news.example.com", "foo.example.com", "", True),
        ("news.example.com", "news.example.com", "; adkim=s; aspf=s", True),
        ("news.example.com", "foo.example.net", "", False),
        ("news.example.com", "foo.example.com", "; adkim=s; aspf=s", False),
        ("news.example.com", "example.com", "", True),
        ("example.com", "Foo.EXAMPLE.com.", "", True),
        ("example.com", "com", "", False),
        ("example.com", "badexample.com", "", False),
        ("example.com", "exa mple", "", False),
    ],
)
def test_alignment(author: str, identifier: str, tags: str, aligned: bool) -> None:
    zone = Zone({"example.com": REJECT + tags})
    by_dkim = judge(author, zone, dkim(identifier))
    by_spf = judge(author, zone, spf(identifier))
    assert by_dkim.result is by_spf.result is (Result.PASS if aligned else Result.FAIL)
    assert (by_dkim.dkim_aligned, by_dkim.spf_aligned) == (aligned, False)
    assert (by_spf.dkim_aligned, by_spf.spf_aligned) == (False, aligned)


def test_subdomains_of_another_organization_below_do_not_align() -> None:
    zone = Zone({"example.com": REJECT, "customer.example.com": "v=DMARC1; p=none; psd=n"})
    assert judge("example.com", zone, dkim("www.customer.example.com")).result is Result.FAIL
    assert judge("www.customer.example.com", zone, dkim("example.com")).result is Result.FAIL


def test_domains_below_a_public_suffix_do_not_align() -> None:
    zone = Zone({"hosting.example": "v=DMARC1; p=reject; psd=y", "a.hosting.example": REJECT})
    assert judge("a.hosting.example", zone, dkim("b.hosting.example")).result is Result.FAIL
    assert judge("a.hosting.example", zone, dkim("www.a.hosting.example")).result is Result.PASS


def test_only_what_passed_counts() -> None:
    zone = Zone({"example.com": REJECT})
    assert judge("example.com", zone, dkim("example.com", "fail"), spf("example.com", "softfail")).result is Result.FAIL
    assert judge("example.com", zone, dkim("example.com", "fail"), dkim("example.com")).result is Result.PASS


def test_strangers_cost_no_questions() -> None:
    zone = Zone({"example.com": REJECT})
    judge("example.com", zone, spf("a.example.net"), *[dkim(f"d{number}.example.org") for number in range(50)])
    assert zone.asked == ["_dmarc.example.com", "_dmarc.com"]


def test_a_name_is_asked_once_and_signatures_without_end_are_bounded() -> None:
    zone = Zone({"example.com": REJECT})
    judge("example.com", zone, *[dkim(f"a.d{number}.example.com", "temperror") for number in range(200)])
    assert len(zone.asked) == len(set(zone.asked)) <= 2 + 2 * 20


@pytest.mark.parametrize(
    ("author", "record", "tag", "policy"),
    [
        ("example.com", "v=DMARC1; p=reject; sp=none; np=none", PolicyTag.P, Policy.REJECT),
        ("there.example.com", "v=DMARC1; p=reject; sp=quarantine; np=none", PolicyTag.SP, Policy.QUARANTINE),
        ("there.example.com", "v=DMARC1; p=reject; np=none", PolicyTag.P, Policy.REJECT),
        ("missing.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject", PolicyTag.NP, Policy.REJECT),
        ("missing.example.com", "v=DMARC1; p=none; sp=quarantine", PolicyTag.SP, Policy.QUARANTINE),
        ("missing.example.com", "v=DMARC1; p=quarantine", PolicyTag.P, Policy.QUARANTINE),
        ("missing.example.com", "v=DMARC1; p=quarantine; np=quarantine", PolicyTag.P, Policy.QUARANTINE),
    ],
)
def test_which_policy_applies(author: str, record: str, tag: PolicyTag, policy: Policy) -> None:
    outcome = judge(author, Zone({"example.com": record}, existing=("there.example.com",)))
    assert (outcome.applied_tag, outcome.policy, outcome.policy_domain) == (tag, policy, "example.com")


def test_an_own_record_below_the_organization_uses_p() -> None:
    zone = Zone({"example.com": "v=DMARC1; p=none", "a.example.com": "v=DMARC1; p=reject; sp=none"})
    outcome = judge("a.example.com", zone, dkim("b.example.com"))
    assert (outcome.result, outcome.applied_tag, outcome.policy) == (Result.PASS, PolicyTag.P, Policy.REJECT)
    assert outcome.organizational_domain == "example.com"


@pytest.mark.parametrize(
    ("p", "applied"),
    [("reject", Policy.QUARANTINE), ("quarantine", Policy.NONE), ("none", Policy.NONE)],
)
def test_a_policy_under_test_is_lowered_by_one(p: str, applied: Policy) -> None:
    outcome = judge("example.com", Zone({"example.com": f"v=DMARC1; p={p}; t=y"}))
    assert (outcome.published_policy, outcome.policy) == (Policy(p), applied)


def test_without_a_policy_nothing_is_judged() -> None:
    outcome = judge("example.com", Zone({}), dkim("example.com"))
    assert (outcome.result, outcome.record, outcome.policy) == (Result.NONE, None, Policy.NONE)


def test_a_broken_policy() -> None:
    outcome = judge("example.com", Zone({"example.com": "v=DMARC1; p=refuse"}), dkim("example.com"))
    assert (outcome.result, outcome.policy) == (Result.PERMERROR, Policy.NONE)
    assert outcome.errors == ("p=refuse is not valid",)


@pytest.mark.parametrize(
    ("failing", "results", "result"),
    [
        ("_dmarc.a.example.com", [dkim("example.com")], Result.TEMPERROR),
        ("_dmarc.com", [dkim("a.example.com")], Result.PASS),
        ("_dmarc.com", [dkim("example.com")], Result.TEMPERROR),
        ("_dmarc.b.example.com", [dkim("b.example.com")], Result.TEMPERROR),
        ("_dmarc.b.example.com", [dkim("b.example.com"), spf("example.com")], Result.PASS),
        ("", [dkim("example.com", "temperror")], Result.TEMPERROR),
        ("", [spf("a.example.com", "temperror")], Result.TEMPERROR),
        ("", [dkim("example.net", "temperror")], Result.FAIL),
    ],
)
def test_a_failing_dns(failing: str, results: list[SpfResult | DkimResult], result: Result) -> None:
    zone = Zone({"a.example.com": REJECT, "example.com": REJECT}, failing=(failing,))
    assert judge("a.example.com", zone, *results).result is result


def test_existence_that_cannot_be_known() -> None:
    zone = Zone({"example.com": "v=DMARC1; p=none; np=reject"}, failing=("a.example.com",))
    outcome = judge("a.example.com", zone)
    assert (outcome.result, outcome.policy) == (Result.TEMPERROR, Policy.NONE)


def test_of_several_authors_all_must_pass() -> None:
    zone = Zone({"example.com": REJECT, "example.org": "v=DMARC1; p=quarantine"})
    good = judge("example.com", zone, dkim("example.com"))
    bad = judge("example.com", zone, dkim("example.org"))
    worse = judge("example.org", zone)
    unknown = judge("example.net", zone)
    assert strictest([good, unknown]) is unknown
    assert strictest([good, worse, bad]) is bad
