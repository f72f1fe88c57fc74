"""What became of a mail for each recipient, and for the whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from mailcenter.ledger.events import Event, Kind
from mailcenter.ledger.outcome import events_of, has_end, recipient_outcome, transaction_outcome
from mailcenter.ledger.record import Verdict
from mailcenter.ledger.story import OUTCOME_OF_VERDICT, OUTCOMES

AT = datetime(2026, 11, 22, tzinfo=UTC)
OWN = frozenset({"Q1"})


def _event(kind: Any, recipient: str = "info@demo.example", final: str = "", queue_id: str = "Q1") -> Event:
    return Event(AT, queue_id, kind, recipient=recipient, final_recipient=final or recipient)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "queued"),
        ([_event("queued", "")], "queued"),
        ([_event("deferred")], "delayed"),
        ([_event("deferred"), _event("delivered")], "delivered"),
        ([_event("deferred"), _event("expired", "")], "expired"),
        ([_event("expired", "")], "expired"),
        ([_event("delivered", final="a@x.example"), _event("expired", "")], "delivered"),
        ([_event("delivered", final="a@x.example"), _event("deferred", final="b@x.example")], "delayed"),
        ([_event("delivered", final="a@x.example"), _event("bounced", final="b@x.example")], "bounced"),
        ([_event("deferred"), _event("discarded", "")], "discarded"),
        ([_event("redirected", final="x@y.example")], "redirected"),
        ([_event("deferred"), _event("redirected", final="x@y.example")], "redirected"),
        ([_event("refused", "")], "not_taken"),
        ([_event("delivered", "other@demo.example")], "queued"),
        ([_event("delivered", queue_id="Q2")], "queued"),
        ([_event("delivered", "INFO@demo.example")], "delivered"),
    ],
)
def test_of_an_accepted_recipient(events: list[Event], expected: str) -> None:
    mine = events_of("info@demo.example", events, OWN)
    assert recipient_outcome("accept", mine) == expected
    assert has_end(mine) == (expected not in ("queued", "delayed") or any(e.kind == "delivered" for e in mine))


def test_addresses_are_compared_in_all_their_forms() -> None:
    event = _event("delivered", "Info@xn--bcher-kva.example")
    assert events_of("info@bücher.example", [event], OWN) == [event]
    assert events_of('"info"@BÜCHER.example', [event], OWN) == [event]
    assert events_of("not an address", [event], OWN) == []


@pytest.mark.parametrize(
    ("verdict", "recipients", "expected"),
    [
        ("accept", [("accept", "delivered"), ("reject", "refused")], "delivered"),
        ("accept", [("accept", "delivered"), ("accept", "delayed")], "delayed"),
        ("accept", [], "queued"),
        ("reject", [("accept", "refused")], "refused"),
        ("defer", [], "postponed"),
        ("abort", [], "aborted"),
    ],
)
def test_of_the_whole(verdict: str, recipients: list[tuple[str, str]], expected: str) -> None:
    assert transaction_outcome(verdict, recipients) == expected


def test_every_verdict_and_kind_leads_to_an_outcome() -> None:
    assert set(OUTCOME_OF_VERDICT) == set(get_args(Verdict))
    assert set(OUTCOME_OF_VERDICT.values()) <= set(OUTCOMES)
    for kind in get_args(Kind):
        assert recipient_outcome("accept", [_event(kind)]) in OUTCOMES
