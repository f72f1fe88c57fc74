"""From replies to the one verdict of a transaction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailcenter.mail.reply import Reply
from mailcenter.policy.replies import ALL
from mailcenter.policy.verdict import Verdict, is_junk, verdict_of, verdict_without_message
from tests.unit.policy.known import MESSAGE


@pytest.mark.parametrize("name", sorted(ALL))
def test_verdict_of_each_reply(name: str) -> None:
    template = ALL[name]
    expected = {"2": "accept", "4": "defer", "5": "reject"}[template.enhanced[0]]
    assert verdict_of(Reply(template.code, template.enhanced, template.text)) == expected


@pytest.mark.parametrize(
    ("recipients", "verdict"),
    [
        ([], "abort"),
        (["accept"], "abort"),
        (["reject", "accept"], "abort"),
        (["reject", "reject"], "reject"),
        (["reject", "defer"], "defer"),
    ],
)
def test_without_message(recipients: list[Verdict], verdict: Verdict) -> None:
    assert verdict_without_message(recipients) == verdict


def test_junk_begins_at_its_threshold() -> None:
    assert not is_junk(replace(MESSAGE, score=5.99))
    assert is_junk(replace(MESSAGE, score=6.0))
