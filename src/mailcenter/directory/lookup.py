"""Objects by the names people call them, among what is visible: organisation names, domain names, addresses, logins."""

from __future__ import annotations

from mailcenter.directory.logins import normal_login
from mailcenter.directory.models import Alias, ApiKey, Domain, Mailbox, Organisation, User
from mailcenter.directory.scope import (
    Scope,
    visible_aliases,
    visible_api_keys,
    visible_domains,
    visible_mailboxes,
    visible_organisations,
    visible_users,
)
from mailcenter.mail.domain import DomainError, normalise_domain


def organisation_named(scope: Scope, name: str) -> Organisation | None:
    """By its name as it is written, else in any case when only one has it."""
    visible = visible_organisations(scope)
    exact = visible.filter(name=name).first()
    if exact is not None:
        return exact
    alike = list(visible.filter(name__iexact=name)[:2])
    return alike[0] if len(alike) == 1 else None


def domain_named(scope: Scope, name: str) -> Domain | None:
    """By its name in any spelling."""
    try:
        return visible_domains(scope).filter(name=normalise_domain(name)).first()
    except DomainError:
        return None


def mailbox_at(scope: Scope, address: str) -> Mailbox | None:
    """By its address in any spelling."""
    local_part, _at, domain = normal_login(address).rpartition("@")
    return visible_mailboxes(scope).filter(local_part=local_part, domain__name=domain).first()


def alias_at(scope: Scope, address: str) -> Alias | None:
    """By its address in any spelling."""
    local_part, _at, domain = normal_login(address).rpartition("@")
    return visible_aliases(scope).filter(local_part=local_part, domain__name=domain).first()


def user_called(scope: Scope, login: str) -> User | None:
    """By login in any spelling."""
    return visible_users(scope).filter(login=normal_login(login)).first()


def api_key_starting(scope: Scope, prefix: str) -> ApiKey | None:
    """By its prefix, with or without what stands around it in the token."""
    prefix = prefix.strip().removeprefix("mc_").partition("_")[0]
    return visible_api_keys(scope).filter(prefix=prefix).first()
