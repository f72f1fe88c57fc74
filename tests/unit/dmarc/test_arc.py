"""The newest ARC set as evidence."""

from __future__ import annotations

import pytest

from mailcenter.dmarc.arc import arc_evidence
from mailcenter.dmarc.evidence import ArcEvidence

SEALS = ["i=1; a=rsa-sha256; cv=none; d=first.example; s=x; b=AA", "i=2; cv=pass;\n d=Lists.Example; s=x; b=BB=="]
FIRST = "i=1; mx.first.example; dmarc=pass header.from=author.example"
PASSED = "i=2; mx.lists.example;\n spf=pass smtp.mailfrom=a@x.example; dmarc=pass (p=reject) header.from=author.example"


@pytest.mark.parametrize(
    ("results", "passed"),
    [
        ([FIRST, PASSED], True),
        ([FIRST], False),
        (["i=2; mx.lists.example; dmarc=fail header.from=author.example"], False),
        (["i=2; mx.lists.example; dmarc=pass header.from=other.example"], False),
        (["i=2; mx.lists.example; dmarc=passed header.from=author.example"], False),
        (["i=2; mx.lists.example; dmarc=fail (; dmarc=pass header.from=author.example)"], False),
        (["i=2; mx.lists.example; dmarc=pass; spf=pass header.from=author.example"], False),
        ([PASSED, PASSED], False),
        (["i=2", "nonsense", ""], False),
    ],
)
def test_whether_dmarc_passed_there(results: list[str], passed: bool) -> None:
    found = arc_evidence(SEALS, results, "author.example", is_intact=True)
    assert found == ArcEvidence(is_intact=True, newest_sealer="lists.example", author_passed=passed)


@pytest.mark.parametrize("seals", [[], ["d=a.example"], ["i=x; d=a.example"], [SEALS[1], SEALS[1]]])
def test_no_single_newest_seal(seals: list[str]) -> None:
    assert arc_evidence(seals, [PASSED], "author.example", is_intact=True) is None


def test_a_broken_chain_stays_broken() -> None:
    found = arc_evidence(SEALS, [PASSED], "author.example", is_intact=False)
    assert found is not None
    assert not found.is_intact
