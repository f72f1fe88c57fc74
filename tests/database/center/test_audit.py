"""The audit log that each customer reads: what is in it, and what is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mailcenter.actions import Actor
from mailcenter.actions.aliases import create_alias
from mailcenter.actions.domains import change_domain
from mailcenter.actions.mailboxes import change_mailbox, create_mailbox, remove_mailbox
from mailcenter.actions.passwords import set_password
from mailcenter.actions.senders import create_sender
from mailcenter.directory.audit import search_audit
from mailcenter.directory.models import AuditEntry, User
from mailcenter.directory.scope import scope_of
from tests.database.api_client import Program
from tests.database.test_cli import as_json
from tests.database.world import PASSWORD, ROOT, Tenant, token_for


def _seen(user: User, **filters: object) -> set[str]:
    rows = search_audit(scope_of(user), **filters)  # type: ignore[arg-type] # the same filters, checked there
    return {f"{row.action} {row.object_name}" for row in rows}


def test_an_owner_reads_of_his_mailbox_and_login_whoever_did_it(ours: Tenant, operator: User) -> None:
    other = create_mailbox(actor=ROOT, address=f"other@{ours.domain.name}")
    change_mailbox(actor=Actor(user=ours.admin, via="web"), mailbox=ours.mailbox, display_name="Anna")
    set_password(actor=ROOT, user=ours.owner, password=PASSWORD)
    create_sender(actor=ROOT, sender="friend@elsewhere.test", action="allow", place=ours.mailbox)
    seen = _seen(ours.owner)
    address = ours.mailbox.address
    assert {f"mailbox.create {address}", f"mailbox.change {address}", f"user.set_password {address}"} <= seen
    assert any(deed.startswith("sender.create") and "elsewhere" in deed for deed in seen)
    assert not any(other.address in deed or "domain." in deed or "alias." in deed for deed in seen)


def test_a_restricted_administrator_reads_of_his_domains(ours: Tenant) -> None:
    change_domain(actor=ROOT, domain=ours.domain, is_active=False)
    change_domain(actor=ROOT, domain=ours.second_domain, is_active=False)
    create_alias(actor=ROOT, address=f"info@{ours.domain.name}", destinations=["x@elsewhere.test"])
    seen = _seen(ours.restricted)
    assert f"domain.change {ours.domain.name}" in seen
    assert f"alias.create info@{ours.domain.name}" in seen
    assert f"mailbox.create {ours.mailbox.address}" in seen
    assert f"user.create {ours.restricted.login}" in seen, "about himself"
    assert not any(ours.second_domain.name in deed for deed in seen)
    assert not any(ours.reseller.login in deed for deed in seen)


def test_what_was_removed_is_still_told(ours: Tenant) -> None:
    remove_mailbox(actor=ROOT, mailbox=ours.mailbox)
    for user in (ours.admin, ours.restricted, ours.reseller):
        assert f"mailbox.remove post@{ours.domain.name}" in _seen(user)


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
def test_nothing_of_others(role: str, ours: Tenant, theirs: Tenant, operator: User) -> None:
    change_domain(actor=Actor(user=operator, via="web"), domain=theirs.domain, is_active=False)
    user = ours.users[role]
    assert _seen(user)
    assert not any("theirs" in deed for deed in _seen(user))
    page = Client()
    page.force_login(user)
    for query in ("", "?q=theirs", f"?q=domain:{theirs.domain.pk}", f"?who={operator.login}"):
        assert "theirs.example" not in page.get(f"/audit{query}").content.decode()
    program = Program(token_for(user, "audit:read"))
    for query in ("", f"?thing=domain:{theirs.domain.pk}", "?thing=theirs"):
        assert "theirs" not in program("get", f"/audit{query}").text


def test_filters(ours: Tenant, operator: User) -> None:
    change_domain(actor=Actor(user=operator, via="web"), domain=ours.domain, is_active=False)
    now = timezone.now()
    everything = _seen(ours.admin)
    changed = {f"domain.change {ours.domain.name}"}
    assert _seen(ours.admin, actor="OPERAT") == changed
    assert changed <= _seen(ours.admin, thing=f"domain:{ours.domain.pk}") < everything
    assert _seen(ours.admin, thing="team@") == {f"alias.create {ours.alias.address}"}
    assert _seen(ours.admin, since=now + timedelta(hours=1)) == set()
    assert _seen(ours.admin, until=now + timedelta(hours=1)) == everything
    newest = AuditEntry.objects.order_by("-pk")[0]
    assert changed.isdisjoint(_seen(ours.admin, before=newest.pk))


@pytest.mark.parametrize(
    "query",
    ["before=x", "before=" + "9" * 40, "since=x", "since=2026-02-31", "since=0001-01-01", "until=9999-12-31", "q=%00"],
)
def test_odd_questions_are_answered(ours: Tenant, query: str) -> None:
    client = Client()
    client.force_login(ours.admin)
    assert client.get(f"/audit?{query}").status_code == 200


def test_where_mail_lies_is_told_to_the_platform_only(ours: Tenant, operator: User) -> None:
    key = str(ours.mailbox.storage_key)
    client = Client()
    client.force_login(ours.admin)
    assert key not in client.get("/audit").content.decode()
    assert key not in Program(token_for(ours.admin, "audit:read"))("get", "/audit").text
    assert key in Program(token_for(operator, "audit:read"))("get", "/audit").text


def test_the_api_and_the_command_filter_alike(ours: Tenant, operator: User) -> None:
    change_domain(actor=Actor(user=operator, via="api"), domain=ours.domain, is_active=False)
    since = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    token = token_for(ours.admin, "audit:read")
    answer = Program(token)("get", f"/audit?actor=operator&thing=ours&since={since}").body
    assert [item["action"] for item in answer["items"]] == ["domain.change"]
    said = as_json("audit", "--actor", "operator", "--object", "ours", "--seen-by", ours.admin.login)
    assert [row["action"] for row in said] == ["domain.change"]
    assert as_json("audit", "--since", "2100-01-01") == []
