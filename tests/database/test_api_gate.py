"""The REST API for rules, networks, lists of senders, treatments and reports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from mailcenter.actions.rules import book_in_force
from mailcenter.center.api import gate
from mailcenter.directory.models import RefusalReport, SenderEntry, User
from mailcenter.policy import table
from tests.database.api_client import Program
from tests.database.ledger_rows import transaction
from tests.database.test_cli import as_json
from tests.database.world import Tenant, token_for


@pytest.fixture
def operators_program(operator: User) -> Program:
    return Program(token_for(operator))


def test_rules(operators_program: Program) -> None:
    listed = operators_program("get", "/gate/rules").body["items"]
    assert [rule["name"] for rule in listed] == [rule.name for _, rule in table.ALL]
    changed = operators_program("patch", "/gate/rules/spam", {"thresholds": {"refuse_score": 12}})
    assert changed.status == 200
    assert changed.body["thresholds"]["refuse_score"]["value"] == 12.0
    assert changed.body["enabled"], "what is not named stays"
    back = operators_program("patch", "/gate/rules/spam", {"enabled": False, "thresholds": {"refuse_score": None}})
    assert (back.body["enabled"], back.body["thresholds"]["refuse_score"]["value"]) == (False, 9.0)
    refused = operators_program("patch", "/gate/rules/virus", {"enabled": False})
    assert (refused.status, refused.body["field"]) == (422, "enabled")
    assert operators_program("patch", "/gate/rules/none", {"enabled": False}).status == 404
    for bad in (b'{"thresholds": {"junk_score": NaN}}', b'{"thresholds": {"junk_score": "x"}}', b'{"off": true}'):
        assert operators_program("patch", "/gate/rules/spam", bad).status == 422


def test_a_change_is_made_before_the_ledger_is_counted(
    operators_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[tuple[str, bool]] = []

    def count(rule: str) -> dict[str, int]:
        counted.append((rule, book_in_force().is_on(rule)))
        return {"refused_day": 0, "refused_week": 0}

    monkeypatch.setattr(gate, "refused_lately", count)
    assert operators_program("patch", "/gate/rules/virus", {"enabled": False}).status == 422
    assert operators_program("patch", "/gate/rules/none", {"enabled": False}).status == 404
    assert counted == []
    assert operators_program("patch", "/gate/rules/spam", {"enabled": False}).status == 200
    assert counted == [("spam", False)]


def test_how_often_each_rule_refused(operators_program: Program) -> None:
    refused = {"address": "no@ours.example", "verdict": "reject", "rule": "unknown-recipient"}
    now = timezone.now()
    transaction(1, refused, refused, verdict="reject", stage="rcpt", started_at=now)
    transaction(2, refused, verdict="reject", stage="rcpt", started_at=now - timedelta(days=3))
    transaction(3, refused, verdict="reject", stage="rcpt", started_at=now - timedelta(days=8))
    transaction(4, verdict="defer", stage="mail", rule="ban", started_at=now)
    cache.clear()
    rules = {rule["name"]: rule for rule in operators_program("get", "/gate/rules").body["items"]}
    counts = {name: (rule["refused_day"], rule["refused_week"]) for name, rule in rules.items() if rule["refused_week"]}
    assert counts == {"unknown-recipient": (2, 3), "ban": (1, 1)}
    (told,) = [row for row in as_json("gate", "rules") if row["name"] == "unknown-recipient"]
    assert (told["refused_day"], told["refused_week"]) == (2, 3)


def test_only_operators_have_a_mail_explained(operators_program: Program, ours: Tenant) -> None:
    mail = {"client": "192.0.2.1", "helo": "h", "mail_from": "", "rcpt_to": ["a@b.example"], "message": "eA=="}
    assert Program(token_for(ours.admin))("post", "/gate/explain", mail).status == 403
    for field, value in (("client", "nonsense"), ("message", "no base64")):
        refused = operators_program("post", "/gate/explain", mail | {field: value})
        assert (refused.status, refused.body["field"]) == (422, field)
    faults: list[dict[str, object]] = [
        {"rcpt_to": []},
        {"rcpt_to": ["a@b.example"] * 101},
        {"helo": "x" * 256},
        {"more": 1},
    ]
    for wrong in faults:
        assert operators_program("post", "/gate/explain", mail | wrong).status == 422


def test_networks(operators_program: Program) -> None:
    made = operators_program("post", "/gate/networks", {"network": "203.0.113.9", "action": "refuse"})
    assert (made.status, made.body["network"]) == (201, "203.0.113.9/32")
    path = f"/gate/networks/{made.body['id']}"
    assert operators_program("patch", path, {"action": "allow"}).body["action"] == "allow"
    assert operators_program("delete", path).body == {"message": "203.0.113.9/32 is off the list."}
    assert operators_program("delete", path).status == 404
    again = operators_program("post", "/gate/networks", {"network": "0.0.0.0/0", "action": "refuse"})
    assert (again.status, again.body["field"]) == (422, "network")


def test_owners_own_list_and_treatment(ours: Tenant) -> None:
    owners = Program(token_for(ours.owner))
    path = f"/mailboxes/{ours.mailbox.pk}"
    made = owners("post", f"{path}/senders", {"sender": "*.bad.example", "action": "deny"})
    assert (made.status, made.body["mailbox"]) == (201, ours.mailbox.address)
    assert [row["sender"] for row in owners("get", "/senders").body["items"]] == ["*.bad.example"]
    assert owners("get", f"{path}/senders").body["items"][0]["id"] == made.body["id"]
    assert owners("patch", f"/senders/{made.body['id']}", {"action": "allow"}).body["action"] == "allow"
    assert owners("delete", f"/senders/{made.body['id']}").status == 200
    assert owners("post", "/senders", {"sender": "bad.example", "action": "deny"}).status == 403
    changed = owners("patch", f"{path}/treatment", {"junk_score": 4, "spam_action": "mark"})
    assert changed.body == {
        "junk_score": 4.0,
        "refuse_score": None,
        "spam_action": "mark",
        "spam_forward_to": None,
        "notices": None,
    }
    assert owners("patch", f"{path}/treatment", {"junk_score": None}).body["junk_score"] is None
    assert owners("get", f"{path}/treatment").body["spam_action"] == "mark"
    assert owners("patch", f"{path}/treatment", b'{"junk_score": NaN}').status == 422


def test_domains_treatment(ours: Tenant) -> None:
    admins = Program(token_for(ours.admin))
    path = f"/domains/{ours.domain.pk}/treatment"
    changed = admins("patch", path, {"refuse_score": 8.04, "blocked_extensions": [".EXE"], "notices": False})
    assert (changed.body["refuse_score"], changed.body["blocked_extensions"]) == (8.0, ["exe"])
    refused = admins("patch", path, {"notices": True, "blocked_extensions": ["a/b"]})
    assert (refused.status, refused.body["field"]) == (422, "blocked_extensions")
    assert admins("get", path).body["notices"] is False, "nothing of a refused change is done"
    listed = admins("get", f"/domains/{ours.domain.pk}/senders").body["items"]
    assert [row["sender"] for row in listed] == ["friend@ours-partner.example"]


def test_reports(operators_program: Program, ours: Tenant) -> None:
    report = RefusalReport.objects.get()
    assert operators_program("get", "/reports?status=open").body["items"][0]["id"] == report.pk
    assert operators_program("get", "/reports?status=rejected").body["items"] == []
    answer = {"status": "allowed", "answer": "Sorry.", "sender": "elsewhere.example"}
    answered = operators_program("post", f"/reports/{report.pk}/answer", answer)
    assert (answered.status, answered.body["handled_by"]) == (200, "operator")
    assert SenderEntry.objects.filter(pattern="elsewhere.example").exists()
    assert operators_program("get", f"/reports/{report.pk}").body["status"] == "allowed"


def test_a_report_is_opened_again_and_a_failed_answer_sent_again(operators_program: Program, ours: Tenant) -> None:
    report = RefusalReport.objects.get()
    path = f"/reports/{report.pk}"
    assert operators_program("post", f"{path}/reopen").status == 422
    operators_program("post", f"{path}/answer", {"status": "answered", "answer": "Done."})
    RefusalReport.objects.update(mail_state="failed")
    assert operators_program("post", f"{path}/resend").body["mail_state"] == "pending"
    RefusalReport.objects.update(mail_state="sent")
    assert operators_program("post", f"{path}/reopen").body["status"] == "open"
