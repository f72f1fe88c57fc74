"""Chains of ARC sets that fail by their structure alone, and those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailcenter.dmarc.arc_structure import structural_fault

B = "QUJD" * 43
SEAL = f" i=1; a=rsa-sha256; cv=none; d=a.example; s=x; t=1; b={B}"
SIGNATURE = f" i=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=x; h=from:to; bh=AAAA; b={B}"
RESULTS = " i=1; a.example; dmarc=pass"


def second(value: str) -> str:
    return value.replace("i=1", "i=2").replace("cv=none", "cv=pass")


def test_none_is_no_fault() -> None:
    assert structural_fault([], [], []) == ""


def test_whole_chains_may_pass() -> None:
    assert structural_fault([SEAL], [SIGNATURE], [RESULTS]) == ""
    two = [[second(value), value] for value in (SEAL, SIGNATURE, RESULTS)]
    assert structural_fault(*two) == ""
    assert structural_fault(*(sets[::-1] for sets in two)) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("; t=1", ";\r\n\tt = 1 "),
        (B, f"{B[:60]}\r\n {B[60:]}\t;"),
        ("cv=none", "cv=None"),
        ("t=1", "x_1=unknown"),
    ],
)
def test_a_seal_may_look_so(old: str, new: str) -> None:
    assert structural_fault([SEAL.replace(old, new)], [SIGNATURE], [RESULTS]) == ""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rsa-sha256", "rsa-sha1", "a=rsa-sha1"),
        ("a=rsa-sha256; ", "", "a= is missing"),
        ("a=rsa", "A=rsa", "a= is missing"),
        ("s=x", "s=x; s=x", "s= stands twice"),
        ("s=x", "s=", "no names in d= and s="),
        ("d=a.example", "d=example", "no names in d= and s="),
        ("; t=1", ";; t=1", "no tag: ''"),
        ("t=1", "_=1", "no tag: '_=1'"),
        ("t=1", "t", "no tag: 't'"),
        (B, B[:88], "the key is too short"),
        (B, "A", "b= is no base64"),
        (B, "", "the key is too short"),
        ("t=1", "h=from", "a seal with h= or bh="),
        ("cv=none", "cv=pass", "cv=pass at i=1"),
        ("cv=none", "cv=fail", "cv=fail at i=1"),
        ("cv=none; ", "", "cv= is missing"),
        ("i=1", "i=0", "an instance without number"),
        ("i=1", "i=51", "an instance without number"),
        ("i=1", "i=01", "an instance without number"),
        ("i=1", "i=2", "0 ARC-Seal fields of i=1"),
        ("t=1", "t=" + "1" * 20_000, "a field is too long"),
    ],
)
def test_a_seal_that_fails_the_chain(old: str, new: str, fault: str) -> None:
    assert structural_fault([SEAL.replace(old, new, 1)], [SIGNATURE], [RESULTS]) == fault


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rsa-sha256", "rsa-sha1", "a=rsa-sha1"),
        ("h=from:to", "h=from:ARC-Seal", "a message signature over seals"),
        ("bh=AAAA; ", "", "bh= is missing"),
    ],
)
def test_a_message_signature_that_fails_the_chain(old: str, new: str, fault: str) -> None:
    assert structural_fault([SEAL], [SIGNATURE.replace(old, new)], [RESULTS]) == fault


def test_sets_that_are_not_whole() -> None:
    assert structural_fault([SEAL], [], [RESULTS]) == "0 ARC-Message-Signature fields of i=1"
    assert structural_fault([], [SIGNATURE], [RESULTS]) == "0 ARC-Seal fields of i=1"
    assert structural_fault([SEAL], [SIGNATURE], []) == "0 ARC-Authentication-Results fields of i=1"
    assert structural_fault([SEAL], [SIGNATURE], [RESULTS] * 2) == "0 ARC-Seal fields of i=2"
    assert structural_fault([SEAL], [SIGNATURE], ["a.example; i=1"]) == "authentication results without instance"
    later = [second(SEAL)], [second(SIGNATURE)], [second(RESULTS)]
    assert structural_fault(*later) == "0 ARC-Seal fields of i=1"
    assert structural_fault([SEAL] * 151, [], []) == "more than 50 sets"


@given(some.lists(some.text(max_size=80) | some.just(SEAL), max_size=4), some.lists(some.text(max_size=80), max_size=4))
def test_nothing_raises(seals: list[str], results: list[str]) -> None:
    structural_fault(seals, seals, results)
