"""Which refused mails make notices, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mailcenter.ledger.notices import MOST_FILES, claimed_sender, wanted_notices
from mailcenter.ledger.record import RecipientRecord, TransactionRecord

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def record(**changes: Any) -> TransactionRecord:
    values: dict[str, Any] = {
        "reference": "0123456789abc",
        "node": "node1",
        "started_at": NOW,
        "ended_at": NOW,
        "service": "mx",
        "client_address": "192.0.2.13",
        "client_name": "mx.other.example",
        "helo": "helo.example",
        "verdict": "reject",
        "stage": "eom",
        "code": 554,
        "enhanced": "5.7.1",
        "reply": "the message holds malware",
        "rule": "virus",
        "mail_from": "Bounce@other.example",
        "header_from": "Boss <Boss@Bank.example>",
        "recipients": [
            RecipientRecord("alice@demo.example", "reject", "mailbox", 1, 2, 3, rule="virus"),
            RecipientRecord("info@demo.example", "reject", "alias", 1, 2, None, rule="virus"),
            RecipientRecord("nobody@demo.example", "reject", "unknown", 1, 2, None, rule="unknown-recipient"),
            RecipientRecord("postmaster@mx.demo.example", "reject", "alias", rule="virus"),
        ],
        "facts": {"refused": [{"name": "a.exe", "reason": "virus", "detail": "X"}]},
    }
    return TransactionRecord(**(values | changes))


def test_each_recipient_of_ours_that_had_been_accepted() -> None:
    wanted = wanted_notices(record())
    assert [(one["address"], one["mailbox_id"]) for one in wanted] == [
        ("alice@demo.example", 3),
        ("info@demo.example", None),
    ]
    assert wanted[0] | {"address": "", "mailbox_id": 0} == {
        "reference": "0123456789abc",
        "started_at": NOW.isoformat(),
        "address": "",
        "mailbox_id": 0,
        "sender": "boss@bank.example",
        "header_from": "Boss <Boss@Bank.example>",
        "mail_from": "Bounce@other.example",
        "client_address": "192.0.2.13",
        "client_name": "mx.other.example",
        "helo": "helo.example",
        "rule": "virus",
        "found": [{"name": "a.exe", "reason": "virus", "detail": "X"}],
    }


@pytest.mark.parametrize(
    "changes", [{"rule": "spam"}, {"service": "submission"}, {"verdict": "accept", "rule": ""}, {"verdict": "defer"}]
)
def test_no_other_mail(changes: dict[str, Any]) -> None:
    assert wanted_notices(record(**changes)) == []


def test_the_sender_is_the_claimed_author() -> None:
    assert claimed_sender(record()) == "boss@bank.example"
    assert claimed_sender(record(header_from="nobody at all")) == "bounce@other.example"
    assert claimed_sender(record(header_from="", mail_from="")) == ""


def test_what_was_found_is_bounded_and_may_be_missing() -> None:
    many = [{"name": str(number)} for number in range(100)]
    assert len(wanted_notices(record(facts={"refused": many}))[0]["found"]) == MOST_FILES
    assert wanted_notices(record(facts={}))[0]["found"] == []
