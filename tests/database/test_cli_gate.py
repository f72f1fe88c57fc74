"""Commands for rules, networks, lists of senders, treatments and reports."""

from __future__ import annotations

import pytest

from mailcenter.actions.rules import book_in_force
from mailcenter.directory.models import RefusalReport, SenderEntry
from tests.database.test_cli import as_json, run
from tests.database.world import Tenant

pytestmark = pytest.mark.django_db


def test_rules() -> None:
    rows = {row["name"]: row for row in as_json("gate", "rules")}
    assert next(iter(rows)) == "ban", "in the order in which they are asked"
    assert rows["spam"]["thresholds"]["junk_score"]["value"] == 6.0
    changed = as_json("gate", "rule", "set", "spam", "junk_score=4", "refuse_score=7.5", "--off")
    assert (changed["enabled"], changed["thresholds"]["refuse_score"]["value"]) == (False, 7.5)
    assert "junk_score=4 points, refuse_score=7.5 points" in run("gate", "rules")
    run("gate", "rule", "set", "spam", "junk_score=default", "--on")
    assert book_in_force().figure("spam", "junk_score") == 6.0
    assert "junk_score=6 points" in run("gate", "rule", "show", "spam")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gate", "rule", "set", "virus", "--off"), "error: enabled: The platform would not be safe"),
        (("gate", "rule", "set", "spam", "junk_score=high"), "error: 'junk_score=high' is no figure"),
        (("gate", "rule", "set", "spam", "junk_score"), "error: 'junk_score' is no figure"),
        (("gate", "rule", "set", "spam", "size=1"), "error: thresholds: The rule has no figure size"),
        (("gate", "rule", "set", "none", "--on"), "error: rule: There is no rule"),
        (("gate", "rule", "show", "none"), "error: there is no rule none"),
        (("gate", "networks", "add", "all", "refuse"), "error: network: This is not a network"),
        (("gate", "networks", "add", "192.0.2.0/24", "block"), "error: action: "),
        (("gate", "networks", "remove", "192.0.2.0/24"), "error: there is no entry for 192.0.2.0/24"),
        (("sender", "add", "x@y.example", "allow", "--mailbox", "no@ours.example"), "error: there is no mailbox"),
        (("sender", "add", "x@y.example", "block"), "error: action: "),
        (("sender", "add", "x@y.example", "deny", "--domain", "a", "--mailbox", "b"), "error: choose one"),
        (("sender", "remove", "99999999"), "error: there is no entry 99999999"),
        (("report", "answer", "99999999", "text"), "error: there is no report 99999999"),
        (("mailbox", "change", "post@ours.example", "--junk-score", "x"), "error: junk_score: 'x' is no number"),
        (("mailbox", "change", "post@ours.example", "--notices", "maybe"), "error: notices: write yes"),
        (("domain", "change", "ours.example", "--spam-action", "eat"), "error: spam_action: "),
    ],
)
def test_refusals(arguments: tuple[str, ...], message: str, ours: Tenant) -> None:
    assert run(*arguments, status=1).startswith(message)


def test_networks() -> None:
    assert as_json("gate", "networks", "add", "192.0.2.7", "refuse", "--note", "bots")["network"] == "192.0.2.7/32"
    assert as_json("gate", "networks", "change", "192.0.2.7/32", "allow")["note"] == "bots"
    assert [row["action"] for row in as_json("gate", "networks", "list")] == ["allow"]
    assert run("gate", "networks", "remove", "192.0.2.7/32") == "192.0.2.7/32 is off the list.\n"


def test_senders(ours: Tenant) -> None:
    SenderEntry.objects.all().delete()
    run("sender", "add", "x@y.example", "deny")
    run("sender", "add", "*.y.example", "deny", "--domain", "ours.example")
    entry = as_json("sender", "add", "y.example", "allow", "--mailbox", "post@ours.example", "--note", "partner")
    assert (entry["mailbox"], entry["domain"], entry["note"]) == ("post@ours.example", None, "partner")
    assert [row["sender"] for row in as_json("sender", "list", "--domain", "ours.example")] == ["*.y.example"]
    assert [row["sender"] for row in as_json("sender", "list", "--mailbox", "post@ours.example")] == ["y.example"]
    assert len(as_json("sender", "list")) == 3
    assert run("sender", "remove", str(entry["id"])) == "y.example is off the list.\n"


def test_treatment(ours: Tenant) -> None:
    changed = as_json(
        "mailbox", "change", "post@ours.example",
        "--junk-score", "3.5", "--spam-action", "forward", "--spam-forward-to", "x@y.example", "--notices", "no",
    )  # fmt: skip
    assert (changed["junk_score"], changed["spam_action"], changed["notices"]) == (3.5, "forward", False)
    again = as_json("mailbox", "change", "post@ours.example", "--junk-score", "default", "--notices", "default")
    assert (again["junk_score"], again["spam_action"], again["notices"]) == (None, "forward", None)
    changed = as_json(
        "domain", "change", "ours.example", "--block-extensions", "exe, .js", "--encrypted-archives", "refuse"
    )
    assert (changed["blocked_extensions"], changed["encrypted_archives"]) == (["exe", "js"], "refuse")
    changed = as_json("domain", "change", "ours.example", "--block-extensions", "default")
    assert (changed["blocked_extensions"], changed["encrypted_archives"]) == (None, "refuse")


def test_reports(ours: Tenant) -> None:
    report = RefusalReport.objects.get()
    assert [row["reference"] for row in as_json("report", "list", "--status", "open")] == [report.reference]
    assert report.message in run("report", "show", str(report.pk))
    answered = as_json(
        "report", "answer", str(report.pk), "Sorry.", "--status", "allowed", "--sender", "elsewhere.example"
    )
    assert (answered["status"], answered["answer"]) == ("allowed", "Sorry.")
    assert as_json("report", "list", "--status", "open") == []
    assert SenderEntry.objects.filter(pattern="elsewhere.example", action="allow").exists()


def test_a_report_is_opened_again_and_a_failed_answer_sent_again(ours: Tenant) -> None:
    report = RefusalReport.objects.get()
    number = str(report.pk)
    run("report", "answer", number, "Done.")
    RefusalReport.objects.update(mail_state="failed")
    assert as_json("report", "resend", number)["mail_state"] == "pending"
    RefusalReport.objects.update(mail_state="sent")
    assert as_json("report", "reopen", number)["status"] == "open"
