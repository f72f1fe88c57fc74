"""A program that talks to the REST API, and the API's own description of its operations."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from mailcenter.center.api import api
from mailcenter.directory.models import AppPassword, Ban, NetworkEntry, RefusalReport, SenderEntry
from mailcenter.ledger.models import Recipient, Transaction
from tests.database.world import PASSWORD, Tenant

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Answer:
    """Status, media type and parsed body."""

    status: int
    media_type: str
    body: Any
    headers: Any

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


class Program:
    """Sends requests with one key, or with none."""

    def __init__(self, token: str | None = None) -> None:
        self._client = Client(headers={"authorization": f"Bearer {token}"} if token is not None else {})

    def __call__(self, method: str, path: str, body: Any = None) -> Answer:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response = self._client.generic(method.upper(), PREFIX + path, raw, content_type="application/json")
        media_type = response.headers["Content-Type"].partition(";")[0]
        parsed = json.loads(response.content) if media_type.endswith("json") else response.content.decode()
        return Answer(response.status_code, media_type, parsed, response.headers)


@dataclass(frozen=True)
class Operation:
    """One method of one path, with the schema of its body; `path` begins after the prefix and holds `{parameters}`."""

    method: str
    path: str
    scope: str
    body_schema: dict[str, Any] | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def request_for(self, tenant: Tenant, reference: str) -> tuple[str, str, Any]:
        """Method, path and body with every id and address being the tenant's; a new kind of parameter fails here."""
        ids = {
            "organisation_id": tenant.organisation.pk,
            "domain_id": tenant.domain.pk,
            "mailbox_id": tenant.mailbox.pk,
            "alias_id": tenant.alias.pk,
            "user_id": tenant.admin.pk,
            "app_password_id": AppPassword.objects.get(mailbox=tenant.mailbox).pk,
            "sender_id": SenderEntry.objects.get(domain=tenant.domain).pk,
            "network_id": NetworkEntry.objects.get().pk,
            "ban_id": Ban.objects.get().pk,
            "report_id": RefusalReport.objects.get().pk,
            "rule_name": "spam",
            "key": reference,
        }
        values = {
            **ids,
            "action": "allow",
            "app_passwords_only": True,
            "password_minimum": 2,
            "password_deadline": "2040-01-31",
            "services": ["imap"],
            "answer": "We have looked at it.",
            "blocked_extensions": ["exe"],
            "enabled": False,
            "encrypted_archives": "refuse",
            "junk_score": 3.5,
            "network": "203.0.113.0/24",
            "note": "a note",
            "notices": False,
            "refuse_score": 7.5,
            "seconds": 3600,
            "service": "imap",
            "sender": "friend@elsewhere.test",
            "spam_action": "forward",
            "spam_forward_to": "post@elsewhere.test",
            "status": "allowed",
            "thresholds": {"junk_score": 3.5},
            "address": f"new@{tenant.domain.name}",
            "catch_all": f"post@{tenant.domain.name}",
            "client": "203.0.113.9",
            "helo": "mail.elsewhere.test",
            "mail_from": "friend@elsewhere.test",
            "message": b64encode(b"Subject: hello\r\n\r\nhello\r\n").decode(),
            "rcpt_to": [f"new@{tenant.domain.name}"],
            "current_password": PASSWORD,
            "destinations": ["post@elsewhere.test"],
            "display_name": "Somebody",
            "domain_ids": [tenant.domain.pk],
            "is_active": False,
            "language": "de",
            "login": "somebody",
            "most_aliases": 100,
            "most_bytes": 10**12,
            "most_domains": 100,
            "most_mailboxes": 100,
            "name": "new-name.example",
            "reseller_id": tenant.organisation.pk,
            "password": PASSWORD,
            "password_hash": "$1$someSalt$abcdefghijklmnopqrstuv",
            "quota_bytes": 1000,
            "role": "domain_admin",
        }
        path = self.path.format(**{name: ids[name] for name in self.parameters})
        body = {name: values[name] for name in self.body_schema["properties"]} if self.body_schema else None
        if body and "password" in body:
            body.pop("password_hash", None)  # one or the other
        return self.method, path, body


def operations() -> Iterator[Operation]:
    """Every operation, read from the OpenAPI document."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{PREFIX}/")))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            if schema and "$ref" in schema:
                schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            scope = operation["description"].partition("Scope: `")[2].partition("`")[0]
            yield Operation(method, path.removeprefix(PREFIX), scope, schema)


def add_to_ledger(tenant: Tenant, reference: str) -> str:
    """A mail that came for the tenant's mailbox and was sent by it; its reference."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_ensure_day(%s)", [now.date()])
    ids = {
        "organisation_id": tenant.organisation.pk,
        "domain_id": tenant.domain.pk,
        "mailbox_id": tenant.mailbox.pk,
    }
    common = {"started_at": now, "reference": reference, "verdict": "accept", "code": 250, "enhanced": "2.0.0", **ids}
    Transaction.objects.create(
        **common,
        **dict.fromkeys(("helo", "reply", "rule", "tls", "header_from", "message_id", "queue_id"), ""),
        node="node1",
        ended_at=now + timedelta(milliseconds=80),
        service="submission",
        client_address="192.0.2.1",
        client_name="client.test",
        stage="eom",
        login=tenant.owner.login,
        mail_from=tenant.mailbox.address,
        subject=f"Secret of {tenant.organisation.name}",
        size=1234,
        facts={},
    )
    Recipient.objects.create(
        **common, position=0, address=tenant.mailbox.address, kind="mailbox", junk=False, reply="", rule=""
    )
    return reference
