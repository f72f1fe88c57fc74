"""Section 7.4: what speaks for a list or forwarder, and what only pretends to."""

from __future__ import annotations

import pytest

from mailcenter.dmarc.evaluation import conduct, evaluate
from mailcenter.dmarc.evidence import ArcEvidence, Evidence, Trust, decide, list_id_of, list_memory_key
from mailcenter.dmarc.outcome import DkimResult, Outcome
from mailcenter.dmarc.words import OverrideType, Policy
from tests.unit.dmarc.zones import Zone

LIST = "talk.lists.example.org"
PROVED = frozenset({"lists.example.org"})
TRUST = Trust(arc_sealers=frozenset({"sealer.example"}), forwarders=frozenset({"alumni.example"}))
SEALED = ArcEvidence(is_intact=True, newest_sealer="mx.sealer.example", author_passed=True)


def failing(record: str = "v=DMARC1; p=reject") -> Outcome:
    return conduct(evaluate("bank.example", None, []), Zone({"bank.example": record}))


@pytest.mark.parametrize(
    ("evidence", "reject_becomes", "quarantine_becomes", "reason"),
    [
        (Evidence(), Policy.REJECT, Policy.QUARANTINE, None),
        # headers alone
        (Evidence(list_id=LIST), Policy.REJECT, Policy.QUARANTINE, None),
        (Evidence(list_id=LIST, list_is_known=True), Policy.REJECT, Policy.QUARANTINE, None),
        # the name of another's list, with a signature of one's own
        (Evidence(frozenset({"evil.example"}), LIST, list_is_known=True), Policy.REJECT, Policy.QUARANTINE, None),
        (Evidence(frozenset({"ists.example.org"}), LIST, list_is_known=True), Policy.REJECT, Policy.QUARANTINE, None),
        # a signature alone
        (Evidence(PROVED), Policy.REJECT, Policy.QUARANTINE, None),
        # lists
        (Evidence(PROVED, LIST), Policy.QUARANTINE, Policy.QUARANTINE, OverrideType.MAILING_LIST),
        (Evidence(PROVED, LIST, list_is_known=True), Policy.NONE, Policy.NONE, OverrideType.MAILING_LIST),
        # ARC
        (Evidence(arc=SEALED), Policy.NONE, Policy.NONE, OverrideType.TRUSTED_FORWARDER),
        (Evidence(PROVED, LIST, arc=SEALED), Policy.NONE, Policy.NONE, OverrideType.MAILING_LIST),
        (Evidence(arc=ArcEvidence(False, "sealer.example", True)), Policy.REJECT, Policy.QUARANTINE, None),
        (Evidence(arc=ArcEvidence(True, "sealer.example", False)), Policy.REJECT, Policy.QUARANTINE, None),
        (Evidence(arc=ArcEvidence(True, "evil.example", True)), Policy.REJECT, Policy.QUARANTINE, None),
        (
            Evidence(frozenset({"new.example"}), arc=ArcEvidence(True, "new.example", True)),
            Policy.QUARANTINE,
            Policy.QUARANTINE,
            OverrideType.OTHER,
        ),
        # forwarders
        (Evidence(frozenset({"mx.alumni.example"})), Policy.NONE, Policy.NONE, OverrideType.TRUSTED_FORWARDER),
        (Evidence(client_is_trusted_forwarder=True), Policy.NONE, Policy.NONE, OverrideType.TRUSTED_FORWARDER),
        (Evidence(is_complete=False), Policy.QUARANTINE, Policy.QUARANTINE, OverrideType.LOCAL_POLICY),
    ],
)
def test_the_table(
    evidence: Evidence, reject_becomes: Policy, quarantine_becomes: Policy, reason: OverrideType | None
) -> None:
    decision = decide(failing(), evidence, TRUST)
    assert decision.disposition is reject_becomes
    assert [item.type for item in decision.reasons] == ([reason] if reason else [])
    milder = decide(failing("v=DMARC1; p=quarantine"), evidence, TRUST)
    assert milder.disposition is quarantine_becomes
    assert [item.type for item in milder.reasons] == ([reason] if quarantine_becomes is Policy.NONE and reason else [])


def test_a_policy_under_test_says_so() -> None:
    decision = decide(failing("v=DMARC1; p=reject; t=y"), Evidence(), TRUST)
    assert decision.disposition is Policy.QUARANTINE
    assert [reason.type for reason in decision.reasons] == [OverrideType.POLICY_TEST_MODE]
    lowered = decide(failing("v=DMARC1; p=quarantine; t=y"), Evidence(), TRUST)
    assert lowered.disposition is Policy.NONE
    assert lowered.reasons


def test_what_does_not_fail_is_left_alone() -> None:
    zone = Zone({"bank.example": "v=DMARC1; p=reject"}, failing=("_dmarc.dead.example",))
    passed = conduct(evaluate("bank.example", None, [DkimResult("bank.example", "s", "pass")]), zone)
    unknown = conduct(evaluate("dead.example", None, []), zone)
    for outcome in (passed, unknown, failing("v=DMARC1; p=none")):
        decision = decide(outcome, Evidence(), TRUST)
        assert (decision.disposition, decision.reasons) == (Policy.NONE, ())


@pytest.mark.parametrize(
    ("value", "list_id"),
    [
        ("Talk about mail <talk.Lists.example.org>", "talk.lists.example.org"),
        ("<talk.lists.example.org>", "talk.lists.example.org"),
        ("<one.example> <two.example>", "two.example"),
        ("talk.lists.example.org", ""),
        ("<a b.example>", ""),
        ("<>", ""),
        ("<.>", ""),
    ],
)
def test_list_id(value: str, list_id: str) -> None:
    assert list_id_of(value) == list_id


def test_what_is_remembered_of_a_list() -> None:
    assert list_memory_key(Evidence(frozenset({"lists.example.org", "example.org"}), LIST)) == f"example.org {LIST}"
    assert list_memory_key(Evidence(frozenset({"evil.example"}), LIST)) == ""
