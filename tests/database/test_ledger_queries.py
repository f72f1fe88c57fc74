"""Search and story: what is found, in what order, and that no tenant learns what is another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from mailcenter.directory.scope import OPERATOR, Scope
from mailcenter.ledger.models import Transaction
from mailcenter.ledger.queries import search, story, trace
from mailcenter.ledger.story import STEPS
from tests.database.ledger_rows import BEGAN, event, queue_id, transaction

pytestmark = pytest.mark.django_db

OURS: dict[str, Any] = {"organisation_id": 1, "domain_id": 10, "mailbox_id": 100}
COLLEAGUE: dict[str, Any] = {"organisation_id": 1, "domain_id": 11, "mailbox_id": 101}
THEIRS: dict[str, Any] = {"organisation_id": 2, "domain_id": 20, "mailbox_id": 200}
ALICE = {"address": "alice@ours.example", **OURS}
BOB = {"address": "bob@ours-second.example", **COLLEAGUE}
CAROL = {"address": "carol@theirs.example", **THEIRS}

ORGANISATION = Scope("organisation", 1, frozenset({1}))
DOMAIN = Scope("domains", 1, domain_ids=frozenset({10}))
MAILBOX = Scope("mailbox", 1, mailbox_id=100)
NOTHING = Scope("mailbox", 0, mailbox_id=0)
NO_DOMAINS = Scope("domains", 1, domain_ids=frozenset())
FORMER_OWNER = Scope("domains", 3, domain_ids=frozenset({10}))


def _found(scope: Scope, **conditions: Any) -> list[str]:
    return [line.queue_id for line in search(scope, **conditions)]


def test_each_scope_sees_its_own() -> None:
    transaction(1, ALICE)
    transaction(2, BOB)
    transaction(3, CAROL)
    transaction(4, {"address": "x@remote.example", "kind": "remote"}, service="submission", **OURS)
    transaction(5, verdict="reject", stage="connect", queue_id="")
    expected = {
        OPERATOR: ["", "QUEUE4", "QUEUE3", "QUEUE2", "QUEUE1"],
        ORGANISATION: ["QUEUE4", "QUEUE2", "QUEUE1"],
        DOMAIN: ["QUEUE4", "QUEUE1"],
        MAILBOX: ["QUEUE4", "QUEUE1"],
        NOTHING: [],
        NO_DOMAINS: [],
        FORMER_OWNER: [],
    }
    for scope, queue_ids in expected.items():
        assert _found(scope) == queue_ids, scope
        assert _found(scope, text="example") == queue_ids, scope
        for number in range(1, 6):
            one = Transaction.objects.get(started_at=BEGAN + timedelta(minutes=number))
            assert bool(story(scope, one.reference)) == (one.queue_id in queue_ids), (scope, number)


def test_a_recipient_sees_nothing_of_the_others() -> None:
    mail = transaction(1, ALICE, CAROL)
    event(mail, "delivered", "alice@ours.example", folder="INBOX")
    event(mail, "delivered", "carol@theirs.example", folder="Secret")
    for scope in (ORGANISATION, DOMAIN, MAILBOX):
        [line] = search(scope)
        assert [recipient.address for recipient in line.recipients] == ["alice@ours.example"]
        told = story(scope, mail.reference)
        assert told
        words = " ".join(step.text for step in told.steps)
        assert "INBOX" in words
        assert "carol" not in words
        assert "Secret" not in words
        assert search(scope, text="carol@theirs.example") == []
        assert search(scope, text="carol") == []
        assert search(scope, text="@theirs.example") == []


def test_a_sender_learns_whether_it_arrived_but_not_where() -> None:
    mail = transaction(1, CAROL, service="submission", login="alice@ours.example", **OURS)
    event(mail, "delivered", "carol@theirs.example", folder="Secret", final_recipient="private@theirs.example")
    event(mail, "redirected", "carol@theirs.example", final_recipient="hidden@remote.example")
    queue_id(mail, "CHILD1", parent="", relation="redirect")
    event(mail, "delivered", "hidden@remote.example", queue_id="CHILD1", relay="mx.remote.example[192.0.2.9]:25")
    told = story(MAILBOX, mail.reference)
    assert told
    assert [step.code for step in told.steps][-2:] == ["delivered", "redirected_hidden"]
    words = str(told)
    assert "carol@theirs.example" in words
    assert "Secret" not in words
    assert "private" not in words
    assert "hidden@" not in words
    assert "CHILD1" not in words
    assert told.summary.recipients[0].folders == ()
    theirs = story(Scope("organisation", 2, frozenset({2})), mail.reference)
    assert theirs
    assert [step.code for step in theirs.steps][-3:] == ["delivered_folder", "redirected", "relayed"]


def test_what_only_the_operator_may_know() -> None:
    mail = transaction(1, ALICE, facts={"log": "internal", "score": 1})
    tenant, operator = story(MAILBOX, mail.reference), story(OPERATOR, mail.reference)
    assert tenant
    assert operator
    assert tenant.facts == {"score": 1}
    assert operator.facts == {"log": "internal", "score": 1}


def test_pages_follow_each_other_without_gap_or_double() -> None:
    for number in range(7):
        transaction(number, ALICE, BOB)
    for scope in (OPERATOR, ORGANISATION, MAILBOX):
        seen: list[str] = []
        cursor = None
        while page := search(scope, limit=3, before=cursor):
            seen += [line.queue_id for line in page]
            cursor = page[-1].cursor
        assert seen == [f"QUEUE{number}" for number in range(6, -1, -1)]
    assert len(search(OPERATOR, before="nonsense")) == 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alice@ours.example", ["QUEUE1"]),
        ("ALICE@ours.example", ["QUEUE1"]),
        ("sender@other.example", ["QUEUE2", "QUEUE1"]),
        ("@ours.example", ["QUEUE1"]),
        ("192.0.2.13", ["QUEUE2", "QUEUE1"]),
        ("192.0.2.14", []),
        ("2001:db8::1", []),
        ("Invoice", ["QUEUE2"]),
        ("<2@other.example>", ["QUEUE2"]),
        ("QUEUE2", ["QUEUE2"]),
        ("CHILD2", ["QUEUE2"]),
        ("info@bücher.example", ["QUEUE2"]),
        ("info@xn--bcher-kva.example", ["QUEUE2"]),
        ("100%_", []),
        ("'; DROP TABLE x; --", []),
    ],
)
def test_text(text: str, found: list[str]) -> None:
    transaction(1, ALICE)
    second = transaction(
        2,
        {"address": "info@xn--bcher-kva.example"},
        subject="Your invoice",
        message_id="<2@other.example>",
    )
    queue_id(second, "CHILD2", parent="QUEUE2", relation="bounce")
    assert _found(OPERATOR, text=text) == found


def test_reference_time_and_verdict() -> None:
    transaction(1, ALICE)
    refused = transaction(2, {**ALICE, "verdict": "reject"}, verdict="reject", code=550, reply="no such recipient here")
    assert _found(OPERATOR, text=refused.reference.upper()) == ["QUEUE2"]
    for scope in (OPERATOR, MAILBOX):
        assert _found(scope, verdict="reject") == ["QUEUE2"]
        assert _found(scope, verdict="accept") == ["QUEUE1"]
        assert _found(scope, since=refused.started_at) == ["QUEUE2"]
        assert _found(scope, until=refused.started_at) == ["QUEUE1"]
    [line] = search(OPERATOR, verdict="reject")
    assert (line.outcome, line.outcome_text) == ("refused", "Refused: no such recipient here")


def test_the_whole_story_of_a_bounce() -> None:
    mail = transaction(
        1, {"address": "x@remote.example", "kind": "remote"}, service="submission", login="alice@ours.example", **OURS
    )
    event(mail, "queued", relay="")
    event(mail, "deferred", "x@remote.example", relay="", text="come back")
    event(mail, "queued", relay="")
    event(mail, "bounced", "x@remote.example", relay="mx[192.0.2.9]:25", text="no such user")
    queue_id(mail, "CHILD1", parent="QUEUE1", relation="bounce")
    event(mail, "bounce-sent", text="CHILD1")
    event(mail, "removed")
    event(mail, "queued", queue_id="CHILD1")
    event(mail, "delivered", "alice@ours.example", queue_id="CHILD1", folder="INBOX")
    event(mail, "removed", queue_id="CHILD1")
    for key in (mail.reference, "QUEUE1", "CHILD1"):
        [told] = trace(key)
        assert [step.code for step in told.steps] == [
            "connected", "logged_in", "sender", "recipient_accepted", "accepted", "queued", "deferred", "bounced",
            "bounce_sent", "removed", "bounce_delivered",
        ]  # fmt: skip
        assert told.outcome == "bounced"
    assert {step.code for step in told.steps} <= set(STEPS)
    assert all(step.text for step in told.steps)


def test_trace_of_an_address_is_newest_first() -> None:
    transaction(1, ALICE)
    transaction(2, ALICE)
    assert [told.summary.queue_id for told in trace("alice@ours.example")] == ["QUEUE2", "QUEUE1"]
    assert trace("nobody@ours.example") == []
    assert trace("NOSUCHQUEUEID") == []


def test_a_mail_refused_for_its_content_tells_so_at_the_end() -> None:
    """The gate gives the refusal to each recipient, too; that is not yet the end of the story."""
    no = {"verdict": "reject", "code": 554, "enhanced": "5.7.1", "rule": "spam"}
    mail = transaction(70, {"address": "post@ours.example", **no, "reply": "spam"}, **no, reply="5.7.1 spam [x]")
    told = story(OPERATOR, mail.reference)
    assert told is not None
    assert [step.code for step in told.steps][-2:] == ["recipient_accepted", "refused"]


def test_a_story_tells_that_the_readers_of_refused_recipients_were_told() -> None:
    no = {"verdict": "reject", "rule": "virus", "code": 554}
    made = transaction(1, {**ALICE, **no}, {**CAROL, **no}, **no, queue_id="")
    for address, state in (("alice@ours.example", "sent"), ("carol@theirs.example", "failed")):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_notice (mailbox_id, sender, day, kind, reference, details, state)"
                " VALUES (1, %s, now(), 'refused-content', %s, jsonb_build_object('address', %s::text), %s)",
                [address, made.reference, address, state],
            )

    def told(scope: Scope) -> list[str]:
        found = story(scope, made.reference)
        return [step.text for step in found.steps if "Notice" in step.text] if found else []

    alices = "Notice about the refusal sent to the reader of alice@ours.example"
    assert told(MAILBOX) == [alices]
    assert told(OPERATOR) == [
        alices,
        "Notice about the refusal could not be sent to the reader of carol@theirs.example",
    ]
