"""The audit finds what has no end, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mailcenter.ledger.audit import audit
from mailcenter.ledger.models import Transaction
from tests.database.ledger_rows import BEGAN, event, queue_id, transaction

pytestmark = pytest.mark.django_db

ALICE: dict[str, Any] = {"address": "alice@ours.example"}
UNTIL = BEGAN + timedelta(hours=2)


def _states(*in_queue: str, known: bool = True) -> list[tuple[str, str, str]]:
    report = audit(BEGAN, UNTIL, in_queue=frozenset(in_queue) if known else None)
    return [(item.state, item.queue_id, item.recipient) for item in report.open]


def _delivered(mail: Transaction) -> None:
    event(mail, "queued")
    event(mail, "delivered", "Alice@ours.example")
    event(mail, "removed")


def _bounced(mail: Transaction) -> None:
    event(mail, "bounced", "alice@ours.example")
    event(mail, "removed")
    queue_id(mail, "CHILD", parent=mail.queue_id, relation="bounce")
    event(mail, "removed", queue_id="CHILD")


def _expired(mail: Transaction) -> None:
    event(mail, "deferred", "alice@ours.example")
    event(mail, "expired")
    event(mail, "removed")


def _discarded(mail: Transaction) -> None:
    event(mail, "discarded", "alice@ours.example")
    event(mail, "removed")


def _not_taken(mail: Transaction) -> None:
    event(mail, "refused")


def _put_back_then_delivered(mail: Transaction) -> None:
    event(mail, "queued")
    event(mail, "removed")
    queue_id(mail, "AGAIN", parent=mail.queue_id, relation="requeue")
    event(mail, "delivered", "alice@ours.example", queue_id="AGAIN")
    event(mail, "removed", queue_id="AGAIN")


@pytest.mark.parametrize(
    "ending",
    [_delivered, _bounced, _expired, _discarded, _not_taken, _put_back_then_delivered],
    ids=lambda f: f.__name__,
)
def test_ends(ending: Callable[[Transaction], None]) -> None:
    ending(transaction(1, ALICE))
    assert _states() == []
    assert _states(known=False) == []


def test_lost() -> None:
    event(transaction(1, ALICE), "queued")
    assert _states() == [("unexplained", "QUEUE1", "alice@ours.example")]


def test_gone_from_the_queue_without_an_end() -> None:
    mail = transaction(1, ALICE, {"address": "bob@ours.example"})
    event(mail, "delivered", "alice@ours.example")
    event(mail, "removed")
    assert _states() == [("unexplained", "QUEUE1", "bob@ours.example")]
    assert _states(known=False) == [("unexplained", "QUEUE1", "bob@ours.example")]


def test_waiting_in_the_queue() -> None:
    event(transaction(1, ALICE), "deferred", "alice@ours.example")
    assert _states("QUEUE1") == [("waiting", "QUEUE1", "alice@ours.example")]
    assert _states(known=False) == [("waiting", "QUEUE1", "alice@ours.example")]


def test_one_of_the_mailboxes_of_an_alias_is_still_open() -> None:
    mail = transaction(1, ALICE)
    event(mail, "delivered", "alice@ours.example", final_recipient="one@ours.example")
    event(mail, "deferred", "alice@ours.example", final_recipient="two@ours.example")
    assert _states("QUEUE1") == [("waiting", "QUEUE1", "")]
    assert _states() == [("unexplained", "QUEUE1", "")]


def test_a_bounce_that_was_lost() -> None:
    mail = transaction(1, ALICE)
    event(mail, "bounced", "alice@ours.example")
    event(mail, "removed")
    queue_id(mail, "CHILD", parent="QUEUE1", relation="bounce")
    event(mail, "queued", queue_id="CHILD")
    assert _states() == [("unexplained", "CHILD", "")]


def test_never_taken_into_the_queue() -> None:
    transaction(1, ALICE)
    assert _states() == [("never_queued", "QUEUE1", "alice@ours.example")]
    assert _states(known=False) == [("unexplained", "QUEUE1", "alice@ours.example")]


def test_refused_mail_needs_no_end() -> None:
    transaction(1, {**ALICE, "verdict": "reject"}, verdict="reject")
    mail = transaction(2, ALICE, {"address": "nobody@ours.example", "verdict": "reject"})
    _delivered(mail)
    assert _states() == []
    assert audit(BEGAN, UNTIL, in_queue=frozenset()).recipients == 1


def test_what_is_too_young_is_not_looked_at() -> None:
    transaction(121, ALICE)
    assert _states() == []
