"""From replies to the one verdict of a transaction."""

from __future__ import annotations

import pytest

from mailcenter.mail.reply import Reply
from mailcenter.policy.replies import ALL
from mailcenter.policy.verdict import Verdict, verdict_of, verdict_without_message


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
