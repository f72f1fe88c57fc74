"""Answers to reports on their way out: each is sent once, kept while Postfix is away, and given up in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from psycopg import Connection

from mailcenter.actions.reports import answer_report, file_report, reopen_report
from mailcenter.directory.models import RefusalReport
from mailcenter.serve.notices.answers import MOST_TRIES, Answers
from mailcenter.serve.notices.outbox import NotNowError, RefusedError
from mailcenter.settings.load import load
from tests.database.ledger_rows import transaction
from tests.database.played_postfix import Postfix
from tests.database.world import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(postfix: Postfix) -> Answers:
    return Answers(load(), hand_over=postfix)


@pytest.fixture
def raw() -> Connection[Any]:
    """In the test's own transaction. The rights of the daemon's role are the matter of test_rights."""
    connection.ensure_connection()
    found: Connection[Any] = connection.connection
    return found


def _answered() -> RefusalReport:
    report = file_report(
        reference="0123456789abc",
        started_at=timezone.now(),
        reporter_email="postmaster@elsewhere.example",
        message="Please look.",
        language="de",
    )
    return answer_report(actor=ROOT, report=report, status="answered", answer="Done.")


def _state(report: RefusalReport) -> tuple[str, str]:
    report.refresh_from_db()
    return report.mail_state, report.mail_said


def test_an_open_report_sends_nothing(answers: Answers, raw: Connection[Any]) -> None:
    file_report(reference="0123456789abc", started_at=timezone.now(), reporter_email="a@b.example", message="x")
    assert answers.send(raw) == (0, "")


def test_an_answer_is_sent_once(answers: Answers, postfix: Postfix, raw: Connection[Any]) -> None:
    report = _answered()
    assert answers.send(raw) == (1, "")
    assert answers.send(raw) == (0, "")
    assert postfix.taken == [("postmaster@elsewhere.example", "de")]
    assert _state(report) == ("sent", "2.0.0 Ok: queued as 4jX000001z1Sb")


def test_without_postfix_it_waits(answers: Answers, postfix: Postfix, raw: Connection[Any]) -> None:
    report, postfix.says = _answered(), NotNowError("connection refused")
    assert answers.send(raw)[1]
    assert _state(report) == ("pending", "connection refused")
    assert answers.send(raw) == (0, ""), "not before its time"
    RefusalReport.objects.update(mail_due_at=timezone.now())
    postfix.says = None
    answers.send(raw)
    assert _state(report)[0] == "sent"


def test_in_the_end_it_is_given_up(answers: Answers, postfix: Postfix, raw: Connection[Any]) -> None:
    report, postfix.says = _answered(), NotNowError("connection refused")
    RefusalReport.objects.update(mail_tries=MOST_TRIES - 1)
    assert answers.send(raw) == (1, "")
    assert _state(report)[0] == "failed"


def test_a_refused_one_is_not_tried_again(answers: Answers, postfix: Postfix, raw: Connection[Any]) -> None:
    report, postfix.says = _answered(), RefusedError("553 5.1.3 no such address")
    assert answers.send(raw) == (1, "")
    assert _state(report) == ("failed", "553 5.1.3 no such address")


@pytest.mark.parametrize("known", [True, False])
def test_after_a_death_the_ledger_decides(
    answers: Answers, postfix: Postfix, raw: Connection[Any], *, known: bool
) -> None:
    report = _answered()
    RefusalReport.objects.update(mail_state="sending", mail_due_at=timezone.now() - timedelta(minutes=10))
    if known:
        transaction(1, service="local", message_id=answers.message_id(report.pk, report.handled_at or timezone.now()))
    answers.settle_doubtful(raw)
    assert _state(report)[0] == ("sent" if known else "pending")
    answers.send(raw)
    assert len(postfix.taken) == (0 if known else 1)


def test_the_next_answer_to_a_report_is_another_mail(answers: Answers, postfix: Postfix, raw: Connection[Any]) -> None:
    report = _answered()
    answers.send(raw)
    report.refresh_from_db()
    first = answers.message_id(report.pk, report.handled_at or timezone.now())
    RefusalReport.objects.update(handled_at=timezone.now() - timedelta(hours=1))
    again = answer_report(actor=ROOT, report=reopen_report(actor=ROOT, report=report), status="rejected", answer="No.")
    RefusalReport.objects.update(handled_at=timezone.now() + timedelta(seconds=2))
    again.refresh_from_db()
    answers.send(raw)
    assert len(postfix.taken) == 2
    assert answers.message_id(again.pk, again.handled_at or timezone.now()) != first
