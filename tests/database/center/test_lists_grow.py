"""Lists among many rows, behind row-level security: a page asks as often, and looks at as little, as among few."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from mailcenter.center.web.lists import PAGE
from mailcenter.directory.barrier import acting
from mailcenter.directory.models import Alias, AliasDestination, AuditEntry, LoginRecord, Mailbox, MailboxUsage, User
from mailcenter.directory.scope import scope_of
from mailcenter.ledger.models import Transaction
from tests.database.ledger_rows import BEGAN
from tests.database.ledger_rows import transaction as add_mail
from tests.database.tenants.barrier import behind_barrier
from tests.database.world import Tenant, token_for

MANY = 4 * PAGE
PAGES = (
    "/mailboxes",
    "/mailboxes?page=3",
    "/mailboxes?q=person",
    "/domains",
    "/aliases",
    "/users",
    "/logins",
    "/audit",
    "/ledger",
    "/ledger?verdict=accept",
    "/api/v1/mailboxes?limit=50",
    "/api/v1/aliases?limit=50",
    "/api/v1/logins?limit=50",
    "/api/v1/audit?limit=50",
)
Query = tuple[str, Any]


def add_rows(tenant: Tenant, start: int, count: int) -> None:
    """Mailboxes with usage and alias, and of each a login, an entry of the audit and a mail."""
    domain = tenant.domain
    names = [f"person{number:04}" for number in range(start, start + count)]
    users = User.objects.bulk_create(
        User(login=f"{name}@{domain.name}", role="mailbox", organisation=tenant.organisation, password="!")
        for name in names
    )
    boxes = Mailbox.objects.bulk_create(
        Mailbox(domain=domain, local_part=name, user=user, store="main", quota_bytes=1)
        for name, user in zip(names, users, strict=True)
    )
    MailboxUsage.objects.bulk_create(
        MailboxUsage(mailbox=box, used_bytes=0, messages=0, counted_at=BEGAN) for box in boxes
    )
    aliases = Alias.objects.bulk_create(Alias(domain=domain, local_part=f"team-{name}") for name in names)
    AliasDestination.objects.bulk_create(AliasDestination(alias=alias, address="a@b.example") for alias in aliases)
    for number, box in enumerate(boxes, start):
        seen_at = BEGAN - timedelta(minutes=number)
        mine = {"organisation_id": tenant.organisation.pk, "domain_id": domain.pk, "mailbox_id": box.pk}
        for user in (box.user, tenant.owner):
            LoginRecord.objects.create(
                user=user, service="imap", address="192.0.2.1", network="192.0.2.1", result="good", hour=number,
                first_at=seen_at, last_at=seen_at,
            )  # fmt: skip
        AuditEntry.objects.create(via="cli", action="mailbox.change", object_type="mailbox", object_id=box.pk, **mine)
        add_mail(10 + number, {"address": box.address, **mine})


def asked(client: Client, path: str) -> list[Query] | None:
    """The queries of a page; None where this role has none."""
    queries: list[Query] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        answer = client.get(path)
    if answer.status_code == 403:
        return None
    assert answer.status_code == 200, path
    return queries


def busiest(queries: list[Query], user: User) -> tuple[int, str]:
    """How often at the most a part of a plan ran, and in which query: a subquery of each row runs once for each."""
    found = (0, "")
    for sql, params in queries:
        with acting(scope_of(user)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {sql}", params)
            (plan,) = cursor.fetchone() or ("[]",)
        parsed = json.loads(plan) if isinstance(plan, str) else plan
        found = max(found, (most_loops(parsed[0]["Plan"]), sql))
    return found


def most_loops(node: dict[str, Any]) -> int:
    return max(int(node["Actual Loops"]), *(most_loops(part) for part in node.get("Plans", [])), 0)


@pytest.mark.parametrize("role", ["reseller", "admin", "owner"])
def test_a_page_costs_the_same_among_many(role: str, ours: Tenant, theirs: Tenant) -> None:
    user = ours.users[role]
    web, program = Client(), Client(headers={"authorization": f"Bearer {token_for(user)}"})
    web.force_login(user)
    add_rows(ours, 0, PAGE + 1)
    add_rows(theirs, 500, PAGE)

    def all_pages() -> dict[str, list[Query] | None]:
        clients = {path: program if path.startswith("/api") else web for path in PAGES}
        for path, client in clients.items():
            client.get(path)  # what is cached between requests is not counted
        return {path: asked(client, path) for path, client in clients.items()}

    with behind_barrier():
        few = all_pages()
    add_rows(ours, 100, MANY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Transaction.objects.count() > MANY
    with behind_barrier():
        many = all_pages()
        for path, queries in many.items():
            before = few[path]
            assert (queries is None) == (before is None), path
            if queries is not None and before is not None:
                assert len(queries) == len(before), path
                loops, sql = busiest(queries, user)
                assert loops <= PAGE + 1, f"{path} of {role}: {loops} times in {sql}"
