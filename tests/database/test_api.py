"""The deeds by the REST API: pages, bounds, problem documents, passwords that never come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mailcenter.actions.mailboxes import create_mailbox
from mailcenter.actions.passwords import set_password
from mailcenter.directory.models import ApiKey, AuditEntry, Mailbox, User
from tests.database.api_client import PREFIX, Program, add_to_ledger
from tests.database.world import PASSWORD, ROOT, Tenant, token_for


@pytest.fixture
def program(operator: User) -> Program:
    """With an operator's key."""
    return Program(token_for(operator))


def test_a_customers_life(program: Program) -> None:
    organisation = program("post", "/organisations", {"name": "Fresh Ltd"})
    assert organisation.status == 201
    domain = program("post", "/domains", {"organisation_id": organisation.body["id"], "name": "Bücher.example"})
    assert (domain.body["name"], domain.body["unicode_name"]) == ("xn--bcher-kva.example", "bücher.example")
    mailbox = program("post", "/mailboxes", {"address": "Max@bücher.example", "password": PASSWORD})
    assert (mailbox.status, mailbox.body["unicode_address"]) == (201, "max@bücher.example")
    alias = program("post", "/aliases", {"address": "info@bücher.example", "destinations": ["max@bücher.example"]})
    assert alias.body["destinations"] == ["max@xn--bcher-kva.example"]
    admin = {"login": "max.admin", "role": "domain_admin", "organisation_id": organisation.body["id"]}
    user = program("post", "/users", admin | {"domain_ids": [domain.body["id"]]})
    assert user.body["domains"] == ["xn--bcher-kva.example"]

    changes: list[tuple[str, Any, dict[str, Any]]] = [
        ("organisations", organisation, {"name": "Fresher Ltd"}),
        ("domains", domain, {"catch_all": "info@bücher.example"}),
        ("mailboxes", mailbox, {"display_name": "Max", "quota_bytes": 10}),
        ("aliases", alias, {"is_active": False}),
        ("users", user, {"language": "de", "domain_ids": []}),
    ]
    for path, thing, change in changes:
        changed = program("patch", f"/{path}/{thing.body['id']}", change)
        assert changed.status == 200
        shown = program("get", f"/{path}/{thing.body['id']}")
        assert shown.body == changed.body
        assert changed.body != thing.body
    from_the_leaves = {"aliases": alias, "mailboxes": mailbox, "users": user, "domains": domain}
    for path, thing in (from_the_leaves | {"organisations": organisation}).items():
        removed = program("delete", f"/{path}/{thing.body['id']}")
        assert removed.status == 200
        assert removed.body["message"]
        assert program("get", f"/{path}/{thing.body['id']}").status == 404
    assert set(AuditEntry.objects.filter(acting_login="operator").values_list("via", flat=True)) == {"api"}


def test_pages_hold_each_row_once(program: Program, ours: Tenant) -> None:
    for number in range(6):
        create_mailbox(actor=ROOT, address=f"m{number}@ours.example")
    seen: list[str] = []
    after = 0
    for _page in range(10):
        answer = program("get", f"/mailboxes?limit=3&after={after}").body
        seen += [item["address"] for item in answer["items"]]
        after = answer["next"]
        if after is None:
            break
    assert seen == list(Mailbox.objects.order_by("pk").values_list("user__login", flat=True))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/domains?name=OURS.example", 1),
        ("/domains?name=none.example", 0),
        ("/domains?name=%21", 0),
        ("/mailboxes?address=POST@ours.example", 1),
        ("/mailboxes?domain=ours-second.example", 0),
        ("/aliases?address=team@ours.example", 1),
        ("/users?login=Admin-OURS", 1),
        ("/organisations?name=ours", 1),
    ],
)
def test_looking_for_one(path: str, found: int, program: Program, ours: Tenant, theirs: Tenant) -> None:
    assert len(program("get", path).body["items"]) == found


@pytest.mark.parametrize(
    ("request_line", "body", "status", "field"),
    [
        ("get /mailboxes?limit=0", None, 422, "limit"),
        ("get /mailboxes?limit=201", None, 422, "limit"),
        ("get /mailboxes?after=-1", None, 422, "after"),
        ("get /mailboxes?address=%00", None, 422, "address"),
        ("get /mailboxes?address=" + "x" * 401, None, 422, "address"),
        ("get /mailboxes/0", None, 422, "mailbox_id"),
        ("get /mailboxes/99999999999999999999", None, 422, "mailbox_id"),
        ("get /mailboxes/9223372036854775807", None, 404, "mailbox_id"),
        ("get /ledger?verdict=maybe", None, 422, "verdict"),
        ("get /ledger?since=2026-01-01T00:00:00", None, 422, "since"),
        ("get /ledger/%2e%2e", None, 422, "key"),
        ("post /mailboxes", {}, 422, "address"),
        ("post /mailboxes", {"address": 7}, 422, "address"),
        ("post /mailboxes", {"address": "a@ours.example", "passwort": "x"}, 422, "passwort"),
        ("post /mailboxes", {"address": "a@ours.example", "password": "short"}, 422, "password"),
        ("post /mailboxes", {"address": "a@ours.example", "password_hash": "walrus"}, 422, "password_hash"),
        (
            "post /mailboxes",
            {"address": "a@ours.example", "password": "x", "password_hash": "{PLAIN}x"},
            422,
            "password_hash",
        ),
        ("post /mailboxes", {"address": "a@ours.example", "quota_bytes": -1}, 422, "quota_bytes"),
        ("post /mailboxes", {"address": "a@ours.example", "quota_bytes": 10**30}, 422, "quota_bytes"),
        ("post /mailboxes", {"address": "post@ours.example"}, 422, "address"),
        ("post /mailboxes", {"address": "a@ours.example\n"}, 422, "address"),
        ("post /mailboxes", {"address": "\ud800@ours.example"}, 422, "address"),
        ("post /mailboxes", {"address": "a@unknown.example"}, 404, "address"),
        ("post /aliases", {"address": "a@ours.example", "destinations": []}, 422, "destinations"),
        ("post /aliases", {"address": "a@ours.example", "destinations": ["x"] * 101}, 422, "destinations"),
        ("post /aliases", {"address": "a@ours.example", "destinations": [1]}, 422, "destinations.0"),
        ("post /domains", {"organisation_id": 10**9, "name": "a.example"}, 404, "organisation_id"),
        ("post /organisations", {"name": "ours"}, 422, "name"),
        ("post /users", {"login": "x", "role": "emperor"}, 422, "role"),
        ("post /users", {"login": "x", "role": "operator", "domain_ids": [10**9]}, 404, "domain_ids"),
        ("get /audit?before=-1", None, 422, "before"),
    ],
)
@pytest.mark.usefixtures("ours")
def test_wrong_input_names_the_field(request_line: str, body: Any, status: int, field: str, program: Program) -> None:
    method, _space, path = request_line.partition(" ")
    answer = program(method, path, body)
    assert (answer.status, answer.media_type) == (status, "application/problem+json"), answer.text
    assert answer.body["status"] == status
    assert answer.body["field"] == field
    assert {"type", "title", "detail"} <= set(answer.body)
    assert answer.body["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"' + b"x" * 3_000_000 + b'"', 413),
    ],
)
def test_what_is_no_request_is_a_problem_document(body: bytes, status: int, program: Program) -> None:
    answer = program("post", "/mailboxes", body)
    assert (answer.status, answer.media_type) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/no-such-thing", 404), ("put", "/domains", 405), ("get", "/mailboxes/1/nothing", 404)],
)
def test_what_is_no_operation_is_a_problem_document(method: str, path: str, status: int, program: Program) -> None:
    answer = program(method, path)
    assert (answer.status, answer.media_type) == (status, "application/problem+json")
    assert (answer.body["status"], bool(answer.body["detail"])) == (status, True)
    allowed = {"GET", "POST"} if status == 405 else {""}
    assert set(answer.headers.get("Allow", "").split(", ")) == allowed


def test_a_foreign_host_name_is_a_problem_document(program: Program) -> None:
    answer = Client(headers={"host": "evil.example"}).get(f"{PREFIX}/me")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_null_where_a_value_belongs(program: Program, ours: Tenant) -> None:
    for field in ("display_name", "quota_bytes", "is_active"):
        answer = program("patch", f"/mailboxes/{ours.mailbox.pk}", {field: None})
        assert (answer.status, answer.body["field"]) == (422, field)
    assert program("patch", f"/domains/{ours.domain.pk}", {"catch_all": None}).status == 200


def test_passwords_are_write_only(program: Program, ours: Tenant) -> None:
    path = f"/mailboxes/{ours.mailbox.pk}"
    answers = [
        program("put", f"{path}/password", {"password": PASSWORD}),
        program("get", path),
        program("get", "/users"),
        program("get", "/audit"),
        program("post", "/mailboxes", {"address": "n@ours.example", "password": PASSWORD}),
        program("put", f"{path}/password", {"password": "short-" + PASSWORD[:1], "current_password": PASSWORD}),
    ]
    for answer in answers:
        assert PASSWORD not in answer.text
        assert "argon2" not in answer.text
    ours.owner.refresh_from_db()
    assert ours.owner.check_password(PASSWORD)


def test_an_owners_key_does_not_take_the_mailbox_over(ours: Tenant) -> None:
    set_password(actor=ROOT, user=ours.owner, password=PASSWORD)
    owner = Program(token_for(ours.owner))
    for path in (f"/mailboxes/{ours.mailbox.pk}/password", f"/users/{ours.owner.pk}/password"):
        answer = owner("put", path, {"password": "stolen-now-42"})
        assert (answer.status, answer.body["field"]) == (422, "current_password")
        assert owner("put", path, {"password": PASSWORD, "current_password": PASSWORD}).status == 200


def test_the_owner_sees_his_mailbox_and_his_mail_only(ours: Tenant, theirs: Tenant) -> None:
    mine, others = add_to_ledger(ours, "0123456789abc"), add_to_ledger(theirs, "0123456789abd")
    owner = Program(token_for(ours.owner))
    assert [item["address"] for item in owner("get", "/mailboxes").body["items"]] == ["post@ours.example"]
    for path in ("/organisations", "/domains", "/aliases"):
        assert owner("get", path).body["items"] == []
    assert [item["reference"] for item in owner("get", "/ledger").body["items"]] == [mine]
    assert owner("get", f"/ledger/{mine}").body["summary"]["subject"] == "Secret of ours"
    assert owner("get", f"/ledger/{others}").status == 404


def test_the_ledger_comes_in_pages(program: Program, ours: Tenant) -> None:
    references = [add_to_ledger(ours, f"0123456789ab{sign}") for sign in "bcdef"]
    first = program("get", "/ledger?limit=3").body
    second = program("get", f"/ledger?limit=3&before={first['next'].replace('+', '%2B')}").body
    listed = [item["reference"] for item in first["items"] + second["items"]]
    assert sorted(listed) == sorted(references)
    assert second["next"] is None


def test_the_audit_comes_newest_first(program: Program, ours: Tenant) -> None:
    first = program("get", "/audit?limit=2").body
    second = program("get", f"/audit?limit=2&before={first['next']}").body
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 4


def test_a_key_knows_itself_and_its_use_is_noted(ours: Tenant) -> None:
    token = token_for(ours.admin, "domains:read")
    answer = Program(token)("get", "/me")
    assert (answer.body["scopes"], answer.body["user"]["login"]) == (["domains:read"], "admin-ours")
    used = ApiKey.objects.get(user=ours.admin).last_used_at
    assert used is not None
    Program(token)("get", "/me")
    assert ApiKey.objects.get(user=ours.admin).last_used_at == used, "not a write for each request"


def test_a_failure_of_ours_is_a_problem_document_without_insides(
    program: Program, ours: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("mailcenter.center.api.mailboxes.create_mailbox", broken)
    answer = program("post", "/mailboxes", {"address": "a@ours.example"})
    assert (answer.status, answer.media_type) == (500, "application/problem+json")
    assert "secret" not in answer.text


def test_the_description_and_its_readable_form_need_nothing_from_outside(db: None) -> None:
    document = Client().get(f"{PREFIX}/openapi.json")
    assert document.status_code == 200
    assert document.json()["info"]["title"] == "Mailcenter"
    page = Client().get(f"{PREFIX}/docs").content.decode()
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "://" not in page.replace("http://www.w3.org", "")
