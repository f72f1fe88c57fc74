"""Row-level security: queries that forgot to ask whose things they are reach no other tenant's row.

New models, pages and actions are found by themselves.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from mailcenter.actions import ActionError, Actor
from mailcenter.directory.barrier import acting, beyond_barrier
from mailcenter.directory.models import Mailbox, Organisation, User
from mailcenter.directory.scope import OPERATOR, Scope, scope_of
from tests.database.api_client import Program, add_to_ledger, operations
from tests.database.center.test_center_tenants import OTHERS
from tests.database.tenants.barrier import behind_barrier
from tests.database.tenants.test_actions import ACTIONS, Action, arguments_of
from tests.database.world import Tenant, token_for

NOBODYS = {
    "auth_group": "Django's, not used",
    "auth_group_permissions": "Django's, not used",
    "auth_permission": "Django's, not used",
    "directory_sessionend": "the sessions daemon's alone; the center may not even ask it",
    "directory_passwordpolicy": "the platform's, and no secret: people are told which passwords are strong enough",
    "directory_rulesetting": "the platform's, and no secret: people see which rules hold for them",
    "django_content_type": "Django's",
    "django_session": "known by a secret key only",
}
"""Tables without policy, and why."""
FRESH = {"second-factor-app", "second-factor-passkey"}
"""Pages that show a secret made for this one look at them."""
PLATFORMS = {
    "directory_ban",
    "directory_networkentry",
    "directory_refusalreport",
    "ledger_waiting",
}
"""Tables of which no tenant sees a row."""
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table not in NOBODYS]
ROLES = ["reseller", "admin", "restricted", "owner"]
each_role = pytest.mark.parametrize("role", ROLES)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
OUR_REFERENCE, THEIR_REFERENCE = "0123456789abc", "0123456789abd"


def rows_of(model: type[Model], scope: Scope | None) -> set[Any]:
    """The keys of all rows that a query without any filter gives to this scope, as the center."""
    with behind_barrier(), acting(scope):
        return set(model._base_manager.values_list("pk", flat=True))


@each_model
def test_every_table_has_its_policy(model: type[Model], db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        assert cursor.fetchone() == (True,), "a table of tenants needs a policy, see directory/sql/barrier.sql"


@each_role
@each_model
def test_a_query_without_scope_reaches_nothing_of_others(
    model: type[Model], role: str, ours: Tenant, theirs: Tenant
) -> None:
    for tenant, reference in ((ours, OUR_REFERENCE), (theirs, THEIR_REFERENCE)):
        add_to_ledger(tenant, reference)
        token_for(tenant.admin)
        tenant.restricted.refresh_from_db()
    all_rows, of_theirs = rows_of(model, OPERATOR), rows_of(model, scope_of(theirs.reseller))
    seen = rows_of(model, scope_of(ours.users[role]))
    assert rows_of(model, None) == set()
    assert not seen & of_theirs
    assert seen <= all_rows
    if model._meta.db_table in PLATFORMS:
        assert not seen | of_theirs


def test_each_tenant_sees_his_own(ours: Tenant, theirs: Tenant) -> None:
    scope = scope_of(ours.admin)
    assert rows_of(Mailbox, scope) == {ours.mailbox.pk}
    assert rows_of(Mailbox, scope_of(ours.owner)) == {ours.mailbox.pk}
    assert rows_of(Organisation, scope) == {ours.organisation.pk}
    assert rows_of(User, scope_of(ours.owner)) == {ours.owner.pk}
    assert rows_of(User, scope) == {user.pk for user in ours.users.values()}


def test_nothing_of_others_is_written(ours: Tenant, theirs: Tenant) -> None:
    with behind_barrier(), acting(scope_of(ours.admin)):
        assert Mailbox.objects.filter(pk=theirs.mailbox.pk).update(display_name="stolen") == 0
        assert Mailbox.objects.filter(pk=theirs.mailbox.pk).delete()[0] == 0
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            Mailbox.objects.filter(pk=ours.mailbox.pk).update(domain=theirs.domain)


def test_who_acts_is_forgotten_again(ours: Tenant, theirs: Tenant) -> None:
    with behind_barrier():
        with acting(scope_of(ours.admin)):
            with beyond_barrier():
                assert Organisation.objects.count() == 2
            assert list(Organisation.objects.all()) == [ours.organisation]
            with pytest.raises(Error), transaction.atomic(), beyond_barrier(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            assert list(Organisation.objects.all()) == [ours.organisation]
        assert not Organisation.objects.exists()


@each_role
def test_behind_the_barrier_the_pages_are_the_same(role: str, ours: Tenant, theirs: Tenant) -> None:
    add_to_ledger(ours, OUR_REFERENCE)
    client = Client()
    client.force_login(ours.users[role])
    about_one = [
        reverse("organisation", args=[ours.organisation.pk]),
        reverse("domain", args=[ours.domain.pk]),
        reverse("mailbox", args=[ours.mailbox.pk]),
        reverse("mailbox-treatment", args=[ours.mailbox.pk]),
        reverse("alias", args=[ours.alias.pk]),
        reverse("story", args=[OUR_REFERENCE]),
    ]
    others = [page for page in OTHERS if page not in FRESH]
    for page in (*map(reverse, others), *about_one):
        before = client.get(page)
        with behind_barrier():
            behind = client.get(page)
        assert behind.status_code == before.status_code, page
        assert _plain(behind.content) == _plain(before.content), page


def _plain(content: bytes) -> str:
    """Without what differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|<time.*?</time>', "", content.decode())


@each_role
@pytest.mark.parametrize("operation", list(operations()), ids=str)
def test_behind_the_barrier_the_api_answers_the_same(operation: Any, role: str, ours: Tenant, theirs: Tenant) -> None:
    add_to_ledger(ours, OUR_REFERENCE)
    program = Program(token_for(ours.users[role]))
    request = operation.request_for(ours, OUR_REFERENCE)
    answers = []
    for is_behind in (False, True):
        point = transaction.savepoint()
        if is_behind:
            with behind_barrier():
                answers.append(program(*request))
        else:
            answers.append(program(*request))
        transaction.savepoint_rollback(point)
    assert answers[0].status == answers[1].status, answers[1].text
    if operation.method == "get":
        assert answers[0] == answers[1]


@each_role
@pytest.mark.parametrize("action", ACTIONS)
def test_behind_the_barrier_the_deeds_end_the_same(action: Action, role: str, ours: Tenant, theirs: Tenant) -> None:
    arguments = arguments_of(action, ours)
    actor = Actor(user=ours.users[role], via="web")
    ends = []
    for is_behind in (False, True):
        point = transaction.savepoint()
        if is_behind:
            with behind_barrier(), acting(scope_of(ours.users[role])):
                ends.append(_end(action, actor, arguments))
        else:
            ends.append(_end(action, actor, arguments))
        transaction.savepoint_rollback(point)
    assert ends[0] == ends[1]


def _end(action: Action, actor: Actor, arguments: dict[str, Any]) -> str:
    try:
        action(actor=actor, **arguments)
    except ActionError as refusal:
        return f"{type(refusal).__name__} {refusal.field} {refusal.message}"
    return "done"
