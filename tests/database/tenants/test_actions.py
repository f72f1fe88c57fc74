"""Every action, with every role, on another customer's things: not found, and nothing changed.

New actions are found by themselves.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, get_type_hints

import pytest
from django.db.models import Model

import mailcenter.actions
from mailcenter.actions import ActionError, Actor, NotAllowedError, NotFoundError
from mailcenter.actions.lockouts import lift_lockout, lock_out
from mailcenter.actions.second_factors import add_passkey
from mailcenter.directory.models import (
    Alias,
    ApiKey,
    AppPassword,
    Ban,
    Domain,
    Mailbox,
    NetworkEntry,
    Organisation,
    RefusalReport,
    SecondFactor,
    SenderEntry,
    User,
    WebSession,
)
from tests.database.world import ROOT, Tenant, session_of, snapshot, token_for

Action = Callable[..., Any]

PLAIN_VALUES: dict[str, Any] = {
    "action": "allow",
    "address": "new@{domain}",
    "answer": "We have looked at it.",
    "blocked_extensions": ["exe"],
    "catch_all": "post@{domain}",
    "client": "203.0.113.9",
    "credential": b"a credential",
    "current_password": "walrus-umbrella-42",
    "destinations": ["post@elsewhere.test"],
    "display_name": "Somebody",
    "enabled": False,
    "encrypted_archives": "refuse",
    "expires_at": None,
    "is_active": False,
    "junk_score": 3.5,
    "language": "de",
    "login": "somebody",
    "most_aliases": 100,
    "most_bytes": 10**12,
    "most_domains": 100,
    "most_mailboxes": 100,
    "name": "new-name.example",
    "network": "203.0.113.0/24",
    "networks": ["203.0.113.0/24"],
    "note": "a note",
    "notices": False,
    "password": "walrus-umbrella-43",
    "password_hash": "$1$someSalt$abcdefghijklmnopqrstuv",
    "quota_bytes": 1000,
    "refuse_score": 7.5,
    "role": "domain_admin",
    "rule": "spam",
    "scopes": ["domains:read"],
    "seconds": 3600,
    "service": "imap",
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "services": ["imap"],
    "app_passwords_only": True,
    "password_minimum": 2,
    "password_deadline": date(2040, 1, 31),
    "sender": "friend@elsewhere.test",
    "spam_action": "forward",
    "spam_forward_to": "post@elsewhere.test",
    "status": "allowed",
    "thresholds": {"junk_score": 3.5},
    "with_mailboxes": True,
}
"""A value for each argument that is not an object; an action with a new one needs it here."""


def actions() -> Iterator[Any]:
    """Each public function of the actions whose first argument is the actor, by its name."""
    for module_info in pkgutil.iter_modules(mailcenter.actions.__path__):
        module = importlib.import_module(f"mailcenter.actions.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters.values())
            is_action = (
                parameters and parameters[0].name == "actor" and parameters[0].kind is inspect.Parameter.KEYWORD_ONLY
            )
            if is_action and function.__module__ == module.__name__:
                yield pytest.param(function, id=name)


ACTIONS = list(actions())


def arguments_of(action: Action, tenant: Tenant) -> dict[str, Any]:
    """All arguments but the actor, each object being the tenant's."""
    token_for(tenant.admin)
    objects: dict[str, Any] = {
        Organisation.__name__: tenant.organisation,
        Domain.__name__: tenant.domain,
        Mailbox.__name__: tenant.mailbox,
        Alias.__name__: tenant.alias,
        User.__name__: tenant.admin,
        AppPassword.__name__: AppPassword.objects.get(mailbox=tenant.mailbox),
        ApiKey.__name__: ApiKey.objects.get(user=tenant.admin),
        SenderEntry.__name__: SenderEntry.objects.get(domain=tenant.domain),
        NetworkEntry.__name__: NetworkEntry.objects.get(),
        RefusalReport.__name__: RefusalReport.objects.get(),
        Ban.__name__: Ban.objects.get(),
        WebSession.__name__: session_of(tenant.admin),
        SecondFactor.__name__: add_passkey(actor=ROOT, user=tenant.admin, credential=b"a key", name="a key"),
    }
    arguments: dict[str, Any] = {}
    for name, hint in get_type_hints(action).items():
        kinds = [kind for kind in objects if f".{kind}" in str(hint) or getattr(hint, "__name__", "") == kind]
        if name in ("actor", "return"):
            continue
        if kinds and "Iterable" in str(hint):
            arguments[name] = [objects[kinds[0]]]
        elif kinds:
            arguments[name] = objects[kinds[0]]
        else:
            value = PLAIN_VALUES[name]
            arguments[name] = value.format(domain=tenant.domain.name) if isinstance(value, str) else value
    if "password" in arguments:
        arguments.pop("password_hash", None)  # one or the other
    return arguments


def test_all_actions_are_found() -> None:
    names = {parameter.id for parameter in ACTIONS}
    for thing in ("organisation", "domain", "mailbox", "alias", "user", "api_key"):
        assert {f"create_{thing}", f"change_{thing}", f"remove_{thing}"} <= names
    for entry in ("sender", "network"):
        assert {f"create_{entry}", f"change_{entry}", f"remove_{entry}"} <= names
    assert {"set_password", "change_rule", "change_treatment", "change_attachments", "answer_report"} <= names


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
@pytest.mark.parametrize("action", ACTIONS)
def test_another_customers_things_are_not_found(action: Action, role: str, ours: Tenant, theirs: Tenant) -> None:
    arguments = arguments_of(action, theirs)
    before = snapshot()
    with pytest.raises(ActionError) as refusal:
        action(actor=Actor(user=ours.users[role], via="web"), **arguments)
    assert snapshot() == before
    takes_an_object = any(isinstance(value, Model) for value in arguments.values())
    makes_something = action.__name__.startswith("create_")
    # Who may not make such a thing at all is told so before anything is looked up; that tells him nothing of others.
    allowed = (NotFoundError, NotAllowedError) if makes_something or not takes_an_object else (NotFoundError,)
    assert isinstance(refusal.value, allowed), refusal.value


SUPPORTS_DEEDS = {"lift_lockout", "lock_out"}
"""What support does as well: a customer on the telephone is locked out."""
VISITS = {"begin_acting", "end_acting"}
HIS_OWN = {"create_app_password", "remove_app_password"}
"""What the owner of a mailbox does with it himself."""
"""Signing in as a customer is support's as well, and changes nothing of his."""


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.id not in VISITS])
def test_support_changes_nothing_but_lockouts(action: Action, support: User, ours: Tenant) -> None:
    arguments = arguments_of(action, ours)
    if action.__name__ in SUPPORTS_DEEDS:
        lock_out(actor=Actor(user=support, via="web"), **{**arguments, "seconds": 60})
        lift_lockout(actor=Actor(user=support, via="web"), service="imap", client=arguments["client"])
        return
    before = snapshot()
    with pytest.raises(NotAllowedError):
        action(actor=Actor(user=support, via="web"), **arguments)
    assert snapshot() == before


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
@pytest.mark.parametrize("action", ACTIONS)
def test_who_was_switched_off_does_nothing(action: Action, role: str, ours: Tenant, theirs: Tenant) -> None:
    user = ours.users[role]
    arguments = arguments_of(action, ours)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    before = snapshot()
    with pytest.raises(ActionError):
        action(actor=Actor(user=user, via="web"), **arguments)
    assert snapshot() == before


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.id not in HIS_OWN])
def test_the_owner_of_a_mailbox_manages_nothing_of_his_own_customer(action: Action, ours: Tenant) -> None:
    arguments = arguments_of(action, ours)
    before = snapshot()
    if action.__name__ == "change_mailbox":
        arguments.pop("quota_bytes")
    with pytest.raises((NotAllowedError, NotFoundError)):
        action(actor=Actor(user=ours.owner, via="web"), **arguments)
    assert snapshot() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_every_deed_is_in_the_audit(action: Action, ours: Tenant) -> None:
    arguments = arguments_of(action, ours)
    if action.__name__ == "remove_organisation":
        arguments["organisation"] = Organisation.objects.create(name="empty")
    if action.__name__ == "remove_domain":
        arguments["domain"] = ours.second_domain
    if action.__name__ in ("reopen_report", "resend_answer"):
        RefusalReport.objects.update(status="answered", mail_state="failed")
        arguments["report"] = RefusalReport.objects.get()
    if action.__name__ == "lift_lockout":
        lock_out(actor=ROOT, service="imap", client=arguments["client"], seconds=60)
    before = len(snapshot()["directory_auditentry"])
    action(actor=ROOT, **arguments)
    entries = snapshot()["directory_auditentry"][before:]
    assert entries, "no audit entry"
    assert {entry["via"] for entry in entries} == {"cli"}
    assert action.__name__.split("_")[0] in " ".join(entry["action"] for entry in entries)
    assert "walrus" not in str(entries), "a password in the audit"
