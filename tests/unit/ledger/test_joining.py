"""Whose a log line is: by queue id, by LMTP session, by descent."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from mailcenter.ledger.events import Child, Event, Filing
from mailcenter.serve.follower.joining import Heir, Owner, filed_events, from_payload, join, to_payload

AT = datetime(2026, 11, 22, 4, 32, 45, tzinfo=UTC)
OWNER = Owner(AT, "0abcdefghjkmn")


def _event(queue_id: str, kind: Any = "delivered", **values: Any) -> Event:
    return Event(AT, queue_id, kind, **values)


def _filing(kind: Any, **values: Any) -> Filing:
    return Filing(AT, "S1", "bob@demo.example", kind, **values)


def test_known_and_unknown_queue_ids() -> None:
    joined = join([_event("Q1"), _event("Q2")], [], {"Q1": OWNER}, {})
    assert joined.events == [(OWNER, _event("Q1"))]
    assert joined.waiting == [("q:Q2", _event("Q2"))]


def test_descent_in_any_order() -> None:
    children = [Child("Q3", "bounce", parent="Q2"), Child("Q2", "requeue", parent="Q1")]
    joined = join([_event("Q3"), *children], [], {"Q1": OWNER}, {})
    assert joined.events == [(OWNER, _event("Q3"))]
    assert set(joined.heirs) == {Heir("Q2", OWNER, "Q1", "requeue"), Heir("Q3", OWNER, "Q2", "bounce")}
    assert joined.waiting == []


def test_an_unknown_parent_is_waited_for() -> None:
    child = Child("Q3", "bounce", parent="Q2")
    assert join([child], [], {}, {}).waiting == [("q:Q2", child)]


def test_a_redirected_mail_belongs_to_the_transaction_that_it_names() -> None:
    child = Child("Q9", "redirect", reference=OWNER.reference)
    assert join([child, _event("Q9")], [], {}, {OWNER.reference: OWNER}).events == [(OWNER, _event("Q9"))]


def test_filings_without_their_delivery_wait() -> None:
    filing = _filing("delivered", folder="Junk")
    assert join([], [filing], {}, {}).waiting == [("s:S1", filing)]


DELIVERY = _event("Q1", session="S1", recipient="bob@demo.example", final_recipient="bob@demo.example")


@pytest.mark.parametrize(
    ("filings", "expected"),
    [
        ([], [("delivered", "", "bob@demo.example")]),
        ([_filing("delivered", folder="Junk")], [("delivered", "Junk", "bob@demo.example")]),
        ([_filing("discarded")], [("discarded", "", "bob@demo.example")]),
        ([_filing("redirected", target="x@y.example")], [("redirected", "", "x@y.example")]),
        (
            [_filing("redirected", target="x@y.example"), _filing("delivered", folder="INBOX")],
            [("redirected", "", "x@y.example"), ("delivered", "INBOX", "bob@demo.example")],
        ),
        (
            [_filing("delivered", folder="INBOX"), _filing("replied", target="a@b.example")],
            [("delivered", "INBOX", "bob@demo.example"), ("replied", "", "a@b.example")],
        ),
        (
            [_filing("replied", target="a@b.example")],
            [("discarded", "", "bob@demo.example"), ("replied", "", "a@b.example")],
        ),
    ],
)
def test_what_dovecot_did(filings: list[Filing], expected: list[tuple[str, str, str]]) -> None:
    found = [(event.kind, event.folder, event.final_recipient) for event in filed_events(DELIVERY, filings)]
    assert found == expected


@pytest.mark.parametrize(
    "value",
    [
        _event("Q1", "queued", mail_from="a@b.example", size=7),
        DELIVERY,
        Child("Q2", "requeue", parent="Q1"),
        _filing("delivered", folder="Größe"),
    ],
)
def test_what_waits_comes_back_as_it_was(value: Event | Child | Filing) -> None:
    assert from_payload(to_payload(value)) == value


def test_fields_of_another_version_are_ignored() -> None:
    payload = {**to_payload(DELIVERY), "later": 1}
    assert "later" not in {spec.name for spec in fields(Event)}
    assert from_payload(payload) == DELIVERY
