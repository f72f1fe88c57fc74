"""What each role sees, walked over every kind of object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from mailcenter.actions.users import change_user
from mailcenter.directory.models import Alias, ApiKey, AuditEntry, Domain, Mailbox, Organisation, Role, User
from mailcenter.directory.scope import (
    OPERATOR,
    Scope,
    scope_of,
    visible_aliases,
    visible_api_keys,
    visible_audit,
    visible_domains,
    visible_mailboxes,
    visible_organisations,
    visible_users,
)
from tests.database.world import ROOT, Tenant, make_user, token_for

VISIBLE: dict[str, tuple[Callable[[Scope], QuerySet[Any]], type[Any]]] = {
    "organisations": (visible_organisations, Organisation),
    "domains": (visible_domains, Domain),
    "mailboxes": (visible_mailboxes, Mailbox),
    "aliases": (visible_aliases, Alias),
    "users": (visible_users, User),
    "api_keys": (visible_api_keys, ApiKey),
    "audit": (visible_audit, AuditEntry),
}


def names(scope: Scope, kind: str) -> set[str]:
    return {str(row) for row in VISIBLE[kind][0](scope)}


@pytest.mark.parametrize("kind", VISIBLE)
def test_the_platforms_people_see_all(kind: str, ours: Tenant, theirs: Tenant, operator: User, support: User) -> None:
    for user in (ours.admin, theirs.admin):
        token_for(user)
    visible, model = VISIBLE[kind]
    everything = model.objects.count()
    assert everything > 0
    for scope in (OPERATOR, scope_of(operator), scope_of(support)):
        assert visible(scope).count() == everything


@pytest.mark.parametrize("role", ["reseller", "admin"])
def test_whole_organisation(role: str, ours: Tenant, theirs: Tenant) -> None:
    scope = scope_of(ours.users[role])
    assert (scope.kind, scope.organisation_id) == ("organisation", ours.organisation.pk)
    assert names(scope, "organisations") == {"ours"}
    assert names(scope, "domains") == {"ours.example", "ours-second.example"}
    assert names(scope, "mailboxes") == {"post@ours.example"}
    assert names(scope, "aliases") == {"team@ours.example"}
    assert names(scope, "users") == {"reseller-ours", "admin-ours", "restricted-ours", "post@ours.example"}
    assert set(visible_audit(scope).values_list("organisation_id", flat=True)) == {ours.organisation.pk}


def test_restricted_to_a_domain(ours: Tenant, theirs: Tenant) -> None:
    scope = scope_of(ours.restricted)
    assert (scope.kind, scope.domain_ids) == ("domains", frozenset({ours.domain.pk}))
    assert names(scope, "domains") == {"ours.example"}
    assert names(scope, "mailboxes") == {"post@ours.example"}
    assert names(scope, "aliases") == {"team@ours.example"}
    assert names(scope, "users") == {"restricted-ours", "post@ours.example"}
    seen = visible_audit(scope)
    assert seen.filter(object_name="ours.example").exists()
    assert {entry.domain_id for entry in seen.exclude(object_id=ours.restricted.pk)} == {ours.domain.pk}


def test_restricted_to_the_other_domain_sees_no_mailbox(ours: Tenant, theirs: Tenant) -> None:
    user = make_user(Role.DOMAIN_ADMIN, ours.organisation, "second", ours.second_domain)
    scope = scope_of(user)
    assert names(scope, "domains") == {"ours-second.example"}
    assert names(scope, "mailboxes") == names(scope, "aliases") == set()
    assert names(scope, "users") == {"second"}


def test_a_restriction_to_a_domain_of_others_gives_nothing(ours: Tenant, theirs: Tenant) -> None:
    ours.restricted.domains.set([theirs.domain])
    scope = scope_of(ours.restricted)
    assert (scope.kind, scope.domain_ids) == ("domains", frozenset())
    assert names(scope, "domains") == names(scope, "mailboxes") == names(scope, "aliases") == set()


def test_mailbox_owner_sees_his_mailbox_only(ours: Tenant, theirs: Tenant) -> None:
    token_for(ours.admin)
    token_for(ours.owner)
    scope = scope_of(ours.owner)
    assert (scope.kind, scope.mailbox_id) == ("mailbox", ours.mailbox.pk)
    assert names(scope, "mailboxes") == {"post@ours.example"}
    assert names(scope, "users") == {"post@ours.example"}
    assert [key.user for key in visible_api_keys(scope)] == [ours.owner]
    for kind in ("organisations", "domains", "aliases"):
        assert names(scope, kind) == set()
    seen = visible_audit(scope)
    assert seen.filter(object_name="post@ours.example").exists()
    assert {entry.mailbox_id for entry in seen} == {ours.mailbox.pk}


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
def test_who_may_not_log_in_sees_nothing_of_value(role: str, ours: Tenant) -> None:
    user = ours.users[role]
    change_user(actor=ROOT, user=user, is_active=False)
    user.refresh_from_db()
    scope = scope_of(user)
    for kind in ("organisations", "domains", "mailboxes", "aliases", "audit"):
        assert names(scope, kind) == set()


def test_an_inactive_operator_sees_nothing(operator: User, ours: Tenant) -> None:
    operator.is_active = False
    assert names(scope_of(operator), "organisations") == set()


@pytest.mark.parametrize("kind", VISIBLE)
def test_a_scope_without_ids_matches_no_row_of_nobody(kind: str, ours: Tenant, operator: User) -> None:
    """`filter(x=None)` would be `IS NULL` and show operators, who belong to no organisation."""
    for scope in (Scope("organisation"), Scope("domains"), Scope("mailbox")):
        assert names(scope, kind) == set()
