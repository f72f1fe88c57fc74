"""Two customers with everything a customer has, and the platform's own people: what tests of tenancy start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.db.models import Model
from django.utils import timezone

from mailcenter.actions import ActionError, Actor
from mailcenter.actions.aliases import create_alias
from mailcenter.actions.api_keys import SCOPES, create_api_key
from mailcenter.actions.app_passwords import create_app_password
from mailcenter.actions.bans import add_ban
from mailcenter.actions.domains import create_domain
from mailcenter.actions.mailboxes import create_mailbox
from mailcenter.actions.networks import create_network
from mailcenter.actions.organisations import create_organisation
from mailcenter.actions.reports import file_report
from mailcenter.actions.senders import create_sender
from mailcenter.actions.users import create_user
from mailcenter.directory.models import (
    Alias,
    Domain,
    Mailbox,
    NetworkEntry,
    Organisation,
    Role,
    User,
    WebSession,
)
from mailcenter.directory.sessions import SessionStore

ROOT = Actor(user=None, via="cli")
PASSWORD = "walrus-umbrella-42"

Snapshot = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Tenant:
    """A customer with two domains; `restricted` may manage only the first, which holds all his things."""

    organisation: Organisation
    domain: Domain
    second_domain: Domain
    mailbox: Mailbox
    alias: Alias
    reseller: User
    admin: User
    restricted: User

    @property
    def owner(self) -> User:
        """The mailbox's owner."""
        return self.mailbox.user

    @property
    def users(self) -> dict[str, User]:
        """By the kind of right they have."""
        return {"reseller": self.reseller, "admin": self.admin, "restricted": self.restricted, "owner": self.owner}


def make_tenant(name: str) -> Tenant:
    """`NAME.example` with mailbox `post@`, alias `team@`, and `NAME-second.example` without anything."""
    organisation = create_organisation(actor=ROOT, name=name)
    domain = create_domain(actor=ROOT, organisation=organisation, name=f"{name}.example")
    second = create_domain(actor=ROOT, organisation=organisation, name=f"{name}-second.example")
    mailbox = create_mailbox(actor=ROOT, address=f"post@{domain.name}")
    create_sender(actor=ROOT, sender=f"friend@{name}-partner.example", action="allow", place=domain)
    create_app_password(actor=ROOT, mailbox=mailbox, name="phone", services=["imap"])
    add_platform_entries()
    return Tenant(
        organisation=organisation,
        domain=domain,
        second_domain=second,
        mailbox=mailbox,
        alias=create_alias(actor=ROOT, address=f"team@{domain.name}", destinations=[mailbox.address]),
        reseller=make_user(Role.RESELLER, organisation, f"reseller-{name}"),
        admin=make_user(Role.DOMAIN_ADMIN, organisation, f"admin-{name}"),
        restricted=make_user(Role.DOMAIN_ADMIN, organisation, f"restricted-{name}", domain),
    )


def add_platform_entries() -> None:
    """What belongs to no customer: a client network on the operators' list, a ban, and a postmaster's report."""
    if not NetworkEntry.objects.exists():
        create_network(actor=ROOT, network="198.51.100.0/24", action="refuse")
        add_ban(actor=ROOT, network="198.51.100.99", seconds=3600)
        file_report(
            reference="0123456789abc",
            started_at=timezone.now(),
            reporter_email="postmaster@elsewhere.test",
            message="Please look at this.",
        )


def make_user(role: Role, organisation: Organisation | None, login: str, *domains: Domain) -> User:
    """A user without a password, for who needs none is made quicker."""
    return create_user(actor=ROOT, login=login, role=role, organisation=organisation, domains=domains)


def token_for(user: User, *scopes: str) -> str:
    """An API key's token, with all scopes unless some are named."""
    return create_api_key(actor=ROOT, user=user, name="test", scopes=scopes or SCOPES)[1]


def session_of(user: User) -> WebSession:
    """A session in the center."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store.save()
    return WebSession.objects.get(session_key=store.session_key)


def refused(field: str, reason: str | None = None) -> pytest.RaisesExc[ActionError]:
    """Expect an action's refusal at this field, with `reason` (a pattern) in its words."""
    return pytest.raises(ActionError, match=reason, check=lambda error: error.field == field)


def snapshot() -> Snapshot:
    """Everything in the directory, to see that a refused deed changed nothing. Without sessions and notes of use."""
    models = apps.get_app_config("directory").get_models(include_auto_created=True)
    tables = [model for model in models if model is not WebSession]
    return {model._meta.db_table: [_fields(row) for row in model._base_manager.order_by("pk")] for model in tables}


def _fields(row: Model) -> dict[str, Any]:
    return {
        name: value for name, value in vars(row).items() if name not in ("_state", "last_used_at", "last_used_from")
    }
