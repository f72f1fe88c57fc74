"""The REST API on the running platform: through nginx over TLS, with the rights of the center's database role."""

from __future__ import annotations

import http.client
import imaplib
import json
import secrets
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mailcenter.actions.api_keys import SCOPES
from tests.harness.clients import (
    HOST,
    Account,
    mail,
    mailbox,
    send_from_outside,
    trusting,
    unique,
    wait_for_mail,
)
from tests.harness.domains import until_in_table
from tests.harness.platform import Platform
from tests.harness.wait import until


@dataclass(frozen=True)
class Program:
    """Sends requests with one API key."""

    platform: Platform
    token: str

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPSConnection(
            HOST, self.platform.port("https"), timeout=30, context=trusting(self.platform)
        )
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        connection.request(method.upper(), f"/api/v1{path}", body=content, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        is_json = "json" in answer.headers["Content-Type"]
        return answer.status, json.loads(text) if is_json else text


def key_for(platform: Platform, login: str, *scopes: str) -> Program:
    """A program with a key of this user, with all scopes unless some are named."""
    options = [part for scope in scopes or SCOPES for part in ("--scope", scope)]
    return Program(platform, platform.json("api-key", "add", login, "--name", "daemon tests", *options)["token"])


@pytest.fixture(scope="module")
def operator(platform: Platform) -> Program:
    return key_for(platform, platform.logins["operator"]["login"])


@pytest.fixture(scope="module")
def domain(platform: Platform, operator: Program) -> Iterator[dict[str, Any]]:
    """A customer's domain, gone after the tests."""
    name = f"api-{secrets.token_hex(4)}"
    _, organisation = operator("post", "/organisations", {"name": name})
    status, made = operator("post", "/domains", {"organisation_id": organisation["id"], "name": f"{name}.example"})
    assert status == 201
    until_in_table(platform, made["name"])
    yield made
    status, _ = operator("delete", f"/domains/{made['id']}?with_mailboxes=true")
    assert status == 200
    assert operator("delete", f"/organisations/{organisation['id']}")[0] == 200


def test_a_mailbox_made_by_the_api_works_at_once(platform: Platform, operator: Program, domain: dict[str, Any]) -> None:
    who = Account(f"fresh@{domain['name']}", secrets.token_urlsafe(18))
    status, made = operator("post", "/mailboxes", {"address": who.login, "password": who.password})
    assert status == 201
    assert who.password not in json.dumps(made)
    with mailbox(platform, who):
        pass
    subject = unique("made by the API")
    send_from_outside(platform, mail(subject, to=who.login), [who.login])
    wait_for_mail(platform, who, subject)

    def story() -> Any:
        return operator("get", f"/ledger?text={who.login}&limit=1")[1]["items"]

    line = until(lambda: next((item for item in story() if item["outcome"] == "delivered"), None), "the mail's end")
    assert line["subject"] == subject, line
    status, whole = operator("get", f"/ledger/{line['reference']}")
    assert (status, whole["summary"]["reference"]) == (200, line["reference"])
    assert whole["steps"]


def test_every_deed_works_with_the_centers_rights(operator: Program, domain: dict[str, Any]) -> None:
    """The tests with the database run as its owner; this is the role that the center really has."""
    name = domain["name"]
    _, box = operator("post", "/mailboxes", {"address": f"deeds@{name}"})
    _, alias = operator("post", "/aliases", {"address": f"alias@{name}", "destinations": [f"deeds@{name}"]})
    admin = {"login": f"admin@{name}", "role": "domain_admin", "organisation_id": domain["organisation_id"]}
    _, user = operator("post", "/users", admin | {"domain_ids": [domain["id"]]})
    password = {"password": secrets.token_urlsafe(18)}
    deeds: list[tuple[str, str, Any]] = [
        ("patch", f"/organisations/{domain['organisation_id']}", {"name": f"renamed {name}"}),
        ("patch", f"/domains/{domain['id']}", {"catch_all": f"deeds@{name}"}),
        ("patch", f"/mailboxes/{box['id']}", {"display_name": "Deeds", "quota_bytes": 10_000_000}),
        ("put", f"/mailboxes/{box['id']}/password", password),
        ("patch", f"/aliases/{alias['id']}", {"destinations": ["far@other.example"]}),
        ("patch", f"/users/{user['id']}", {"domain_ids": [], "language": "de"}),
        ("put", f"/users/{user['id']}/password", password),
        ("get", "/audit", None),
        ("get", "/me", None),
        ("delete", f"/users/{user['id']}", None),
        ("delete", f"/aliases/{alias['id']}", None),
        ("delete", f"/mailboxes/{box['id']}", None),
    ]
    for method, path, body in deeds:
        status, answer = operator(method, path, body)
        assert status == 200, f"{method} {path}: {answer}"
    assert operator("get", f"/domains/{domain['id']}")[1]["catch_all"] is None


def test_a_mailbox_removed_takes_neither_mail_nor_logins(
    platform: Platform, operator: Program, domain: dict[str, Any]
) -> None:
    who = Account(f"gone@{domain['name']}", secrets.token_urlsafe(18))
    _, made = operator("post", "/mailboxes", {"address": who.login, "password": who.password})
    with mailbox(platform, who):
        pass
    status, done = operator("delete", f"/mailboxes/{made['id']}")
    assert status == 200
    assert "kept on disk" in done["message"]

    def refused_login() -> bool:
        try:
            with mailbox(platform, who):
                return False
        except imaplib.IMAP4.error:
            return True

    until(refused_login, "the login is refused")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send_from_outside(platform, mail(unique("late"), to=who.login), [who.login])
    assert refusal.value.recipients[who.login][0] == 550


def test_the_demos_people_reach_nothing_of_the_other_customer(
    platform: Platform, operator: Program, domain: dict[str, Any]
) -> None:
    _, box = operator("post", "/mailboxes", {"address": f"private@{domain['name']}"})
    for who in ("domain_admin", "alice"):
        program = key_for(platform, platform.logins[who]["login"])
        for method in ("get", "patch", "delete"):
            body: dict[str, Any] | None = {} if method == "patch" else None
            assert program(method, f"/mailboxes/{box['id']}", body)[0] == 404
            assert program(method, f"/domains/{domain['id']}", body)[0] == 404
        shown = json.dumps([program("get", f"/{kind}?limit=200")[1] for kind in ("domains", "mailboxes", "ledger")])
        assert domain["name"] not in shown
    assert operator("get", f"/mailboxes/{box['id']}")[0] == 200


def test_a_key_that_was_removed_is_refused_at_once(platform: Platform, operator: Program) -> None:
    program = key_for(platform, "operator", "domains:read")
    assert program("get", "/domains")[0] == 200
    assert program("get", "/mailboxes")[0] == 403
    platform.mailcenter("api-key", "remove", program.token)
    status, problem = program("get", "/domains")
    assert (status, problem["status"]) == (401, 401)


def test_a_request_that_is_too_large_is_a_problem_document(platform: Platform) -> None:
    """nginx refuses it, before the center could."""
    connection = http.client.HTTPSConnection(HOST, platform.port("https"), timeout=30, context=trusting(platform))
    connection.putrequest("POST", "/api/v1/domains")
    connection.putheader("Content-Length", "30000000")
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(answer.read())["status"] == 413
    connection.close()


def test_the_readable_description_is_served_whole(platform: Platform) -> None:
    program = Program(platform, "")
    status, page = program("get", "/docs")
    assert status == 200
    assert "swagger-ui-bundle.js" in page
    connection = http.client.HTTPSConnection(HOST, platform.port("https"), timeout=30, context=trusting(platform))
    for asset in ("swagger-ui-bundle.js", "swagger-ui-init.js", "swagger-ui.css"):
        connection.request("GET", f"/static/ninja/{asset}")
        answer = connection.getresponse()
        assert answer.status == 200, asset
        assert answer.read()
    connection.close()
