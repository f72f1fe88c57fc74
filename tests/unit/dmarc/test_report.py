"""What is kept for aggregate reports, in the words of RFC 9990."""

from __future__ import annotations

import json

from mailcenter.dmarc.evaluation import conduct, evaluate
from mailcenter.dmarc.evidence import Decision, Evidence, OverrideReason, Trust, decide
from mailcenter.dmarc.outcome import DkimResult, SpfResult
from mailcenter.dmarc.report import MOST_SIGNATURES, report_facts
from mailcenter.dmarc.words import OverrideType, Policy
from tests.unit.dmarc.zones import Zone

ZONE = Zone({"example.com": "v=DMARC1; p=reject; sp=quarantine; adkim=s; t=y; rua=mailto:r@example.com"})


def test_a_failing_message() -> None:
    spf = SpfResult("lists.example.org", "pass")
    outcome = conduct(evaluate("a.example.com", spf, []), ZONE)
    facts = report_facts(outcome, decide(outcome, Evidence(), Trust()), spf, [])
    assert facts == json.loads(json.dumps(facts)), "it must live in the ledger's JSON"
    assert facts["policy_published"] == {
        "domain": "example.com",
        "discovery_method": "treewalk",
        "p": "reject",
        "sp": "quarantine",
        "np": "quarantine",
        "fo": "0",
        "adkim": "s",
        "aspf": "r",
        "testing": "y",
    }
    assert facts["policy_evaluated"] == {
        "disposition": "none",
        "dkim": "fail",
        "spf": "fail",
        "reason": [{"type": "policy_test_mode", "comment": "t=y"}],
    }
    assert facts["identifiers"] == {"header_from": "a.example.com", "envelope_from": "lists.example.org"}
    assert facts["auth_results"]["spf"] == {"domain": "lists.example.org", "scope": "mfrom", "result": "pass"}


def test_a_passing_message_and_the_order_of_signatures() -> None:
    signatures = [DkimResult("example.net", "x", "fail")] * 200 + [
        DkimResult("example.org", "c", "pass"),
        DkimResult("www.example.com", "b", "pass"),
        DkimResult("example.com", "a", "pass"),
    ]
    outcome = conduct(evaluate("example.com", None, signatures), ZONE)
    facts = report_facts(outcome, Decision(Policy.NONE), None, signatures)
    assert facts["policy_evaluated"]["disposition"] == "pass"
    assert facts["policy_evaluated"]["dkim"] == "pass"
    assert [signature["selector"] for signature in facts["auth_results"]["dkim"]][:4] == ["a", "b", "c", "x"]
    assert len(facts["auth_results"]["dkim"]) == MOST_SIGNATURES
    assert facts["auth_results"]["spf"] is None


def test_an_exemption_is_told() -> None:
    outcome = conduct(evaluate("example.com", None, []), ZONE)
    reason = OverrideReason(OverrideType.MAILING_LIST, "known list a.example.org")
    facts = report_facts(outcome, Decision(Policy.NONE, (reason,)), None, [])
    assert facts["policy_evaluated"]["reason"] == [{"type": "mailing_list", "comment": "known list a.example.org"}]


def test_nothing_is_kept_where_nobody_asked() -> None:
    outcome = conduct(evaluate("example.net", None, []), ZONE)
    assert report_facts(outcome, Decision(Policy.NONE), None, []) == {}
