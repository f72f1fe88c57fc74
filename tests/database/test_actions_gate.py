"""Rules, treatments and reports: what is stored, what is refused, what gate and Dovecot read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mailcenter.actions import Actor, NotFoundError
from mailcenter.actions.reports import answer_report, file_report, reopen_report, resend_answer
from mailcenter.actions.rules import book_in_force, change_rule
from mailcenter.actions.treatment import change_attachments, change_treatment
from mailcenter.directory.models import AuditEntry, RefusalReport, RuleSetting, SenderEntry, User
from mailcenter.directory.plain_gate import plain_report, plain_treatment
from tests.database.world import ROOT, Tenant, refused

Row = tuple[Any, ...]


def view(query: str, *parameters: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[Row] = cursor.fetchall()
        return rows


def by(user: User) -> Actor:
    return Actor(user=user, via="web")


# --- rules


def test_a_rule_is_changed_and_set_back(db: None) -> None:
    change_rule(actor=ROOT, rule="spam", thresholds={"junk_score": 4.5})
    assert book_in_force().figure("spam", "junk_score") == 4.5
    assert view("SELECT * FROM engine.gate_rule") == [("spam", True, '{"junk_score": 4.5}')]
    change_rule(actor=ROOT, rule="spam", enabled=False)
    assert not book_in_force().is_on("spam")
    assert book_in_force().figure("spam", "junk_score") == 4.5, "a switch leaves the figures"
    change_rule(actor=ROOT, rule="spam", enabled=True, thresholds={"junk_score": None})
    assert book_in_force().figure("spam", "junk_score") == 6.0
    changes = [entry.changes for entry in AuditEntry.objects.filter(action="rule.change").order_by("pk")]
    assert changes[0] == {"thresholds": [{}, {"junk_score": 4.5}]}


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"rule": "virus", "enabled": False}, "enabled", "not be safe"),
        ({"rule": "no-such-rule"}, "rule", "no rule"),
        ({"rule": "spam", "thresholds": {"size": 1}}, "thresholds", "no figure size"),
        ({"rule": "spam", "thresholds": {"junk_score": -1}}, "thresholds", "from 0 to 999"),
        ({"rule": "spam", "thresholds": {"junk_score": float("nan")}}, "thresholds", "from 0 to 999"),
        ({"rule": "spam", "thresholds": {"junk_score": True}}, "thresholds", "from 0 to 999"),
        ({"rule": "spam", "thresholds": {"junk_score": 9.5}}, "thresholds", "above the one for refusal"),
    ],
)
def test_what_rules_refuse(change: dict[str, Any], field: str, reason: str, db: None) -> None:
    with refused(field, reason):
        change_rule(actor=ROOT, **change)
    assert not RuleSetting.objects.exists()


# --- treatment


def test_a_mailbox_counts_before_its_domain(ours: Tenant) -> None:
    change_treatment(actor=by(ours.admin), place=ours.domain, junk_score=5, refuse_score=8, notices=False)
    change_attachments(actor=by(ours.admin), domain=ours.domain, blocked_extensions=[".EXE", "js", "exe"])
    change_treatment(
        actor=by(ours.owner), place=ours.mailbox, junk_score=3.25, spam_action="forward", spam_forward_to="x@y.example"
    )
    rows = {row[1]: row[2:] for row in view("SELECT * FROM engine.gate_treatment")}
    assert rows == {
        ours.mailbox.pk: (3.3, 8.0, "forward", "x@y.example", False, ["exe", "js"], None),
        None: (5.0, 8.0, None, None, False, ["exe", "js"], None),
    }
    change_rule(actor=ROOT, rule="spam", thresholds={"refuse_score": 7})
    dovecot = view(
        "SELECT junk_tenths, spam_action, spam_forward_to, refuse_tenths, mailbox_id FROM engine.dovecot_delivery"
    )
    assert dovecot == [(33, "forward", "x@y.example", 80, ours.mailbox.pk)]
    change_treatment(actor=by(ours.admin), place=ours.domain, junk_score=None, refuse_score=None)
    assert view("SELECT refuse_tenths FROM engine.dovecot_delivery") == [(70,)], "as the operators say"


def test_who_differs_in_nothing_has_no_row(ours: Tenant) -> None:
    assert view("SELECT * FROM engine.gate_treatment") == []
    assert view("SELECT junk_tenths, spam_action, refuse_tenths FROM engine.dovecot_delivery") == [(None, None, None)]


@pytest.mark.parametrize(
    ("wishes", "field", "reason"),
    [
        ({"junk_score": -0.1}, "junk_score", "from 0"),
        ({"refuse_score": 1000}, "refuse_score", "from 0"),
        ({"junk_score": float("nan")}, "junk_score", "from 0"),
        ({"junk_score": float("inf")}, "junk_score", "from 0"),
        ({"junk_score": 9, "refuse_score": 8}, "junk_score", "above"),
        ({"spam_action": "delete"}, "spam_action", "must be"),
        ({"spam_action": "forward"}, "spam_forward_to", "which address"),
        ({"spam_forward_to": "nobody"}, "spam_forward_to", "not a mail address"),
        ({"spam_forward_to": "nobody@ours.example"}, "spam_forward_to", "no address"),
        ({"spam_forward_to": "post@ours.example"}, "spam_forward_to", "come back"),
    ],
)
def test_what_treatment_refuses(wishes: dict[str, Any], field: str, reason: str, ours: Tenant) -> None:
    with refused(field, reason):
        change_treatment(actor=by(ours.admin), place=ours.mailbox, **wishes)
    ours.mailbox.refresh_from_db()
    assert set(plain_treatment(ours.mailbox).values()) == {None}


def test_what_attachments_refuse(ours: Tenant) -> None:
    for extensions in (["tar.gz"], ["a/b"], ["x" * 17], ["\u202ecod"]):
        with refused("blocked_extensions", "no file name extension"):
            change_attachments(actor=by(ours.admin), domain=ours.domain, blocked_extensions=extensions)
    with refused("encrypted_archives"):
        change_attachments(actor=by(ours.admin), domain=ours.domain, encrypted_archives="open")
    with pytest.raises(NotFoundError):
        change_attachments(actor=by(ours.owner), domain=ours.domain, blocked_extensions=[])
    empty = change_attachments(actor=by(ours.admin), domain=ours.domain, blocked_extensions=[])
    assert empty.blocked_extensions == [], "an empty list blocks nothing, which is not the platform's list"


# --- reports


def filed() -> RefusalReport:
    return file_report(
        reference="0123456789abd",
        started_at=timezone.now(),
        reporter_email="Postmaster@Elsewhere.example",
        message="Line one\r\nline two\n",
        reporter_name="P. Master",
        language="de",
    )


def test_a_report_is_answered(operator: User) -> None:
    report = filed()
    assert (report.reporter_email, report.message) == ("postmaster@elsewhere.example", "Line one\nline two")
    answer_report(actor=by(operator), report=report, status="rejected", answer="It was a virus.")
    report.refresh_from_db()
    plain = plain_report(report)
    assert (plain["status"], plain["answer"], plain["handled_by"]) == ("rejected", "It was a virus.", "operator")
    assert plain["handled_at"] is not None


def test_an_allowed_sender_goes_on_the_platforms_list(operator: User) -> None:
    report = filed()
    answer_report(actor=by(operator), report=report, status="allowed", answer="Sorry.", sender="elsewhere.example")
    entry = SenderEntry.objects.get()
    assert (entry.action, entry.pattern, entry.note, entry.mailbox_id) == (
        "allow",
        "elsewhere.example",
        report.reference,
        None,
    )
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"sender.create", "report.answer"}


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"status": "open", "answer": "x"}, "status"),
        ({"status": "closed", "answer": "x"}, "status"),
        ({"status": "answered", "answer": "  "}, "answer"),
        ({"status": "answered", "answer": "x" * 4001}, "answer"),
        ({"status": "answered", "answer": "nul\0"}, "answer"),
        ({"status": "allowed", "answer": "x"}, "sender"),
        ({"status": "rejected", "answer": "x", "sender": "a@b.example"}, "sender"),
    ],
)
def test_what_answers_refuse(answer: dict[str, str], field: str, operator: User) -> None:
    report = filed()
    with refused(field):
        answer_report(actor=by(operator), report=report, **answer)
    report.refresh_from_db()
    assert report.status == "open"
    assert not SenderEntry.objects.exists()


def _mail(report: RefusalReport, state: str) -> RefusalReport:
    RefusalReport.objects.filter(pk=report.pk).update(mail_state=state, mail_tries=7)
    return report


def test_a_closed_report_is_opened_again_and_answered_again(operator: User) -> None:
    report = filed()
    answer_report(actor=by(operator), report=report, status="rejected", answer="It was a virus.")
    reopened = reopen_report(actor=by(operator), report=_mail(report, "sent"))
    assert (reopened.status, reopened.answer) == ("open", "It was a virus.")
    again = answer_report(actor=by(operator), report=reopened, status="answered", answer="It was none.")
    assert (again.answer, again.mail_state, again.mail_tries) == ("It was none.", "pending", 0)
    assert AuditEntry.objects.get(action="report.reopen").changes == {"status": ["rejected", "open"]}


def test_a_failed_answer_is_sent_again(operator: User) -> None:
    report = filed()
    answer_report(actor=by(operator), report=report, status="answered", answer="Done.")
    again = resend_answer(actor=by(operator), report=_mail(report, "failed"))
    assert (again.status, again.mail_state, again.mail_tries) == ("answered", "pending", 0)
    assert AuditEntry.objects.filter(action="report.resend").exists()


@pytest.mark.parametrize("state", ["pending", "sending"])
def test_a_report_whose_answer_is_on_its_way_stays_closed(operator: User, state: str) -> None:
    report = filed()
    answer_report(actor=by(operator), report=report, status="answered", answer="Done.")
    with refused("report"):
        reopen_report(actor=by(operator), report=_mail(report, state))


def test_what_is_open_or_sent_is_neither_opened_nor_sent_again(operator: User) -> None:
    report = filed()
    with refused("report"):
        reopen_report(actor=by(operator), report=report)
    with refused("report"):
        resend_answer(actor=by(operator), report=report)
    answer_report(actor=by(operator), report=report, status="answered", answer="Done.")
    with refused("report"):
        resend_answer(actor=by(operator), report=_mail(report, "sent"))
