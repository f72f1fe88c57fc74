"""Directory objects as plain data, in the one shape that `--json` prints and the REST API answers with.

Times are ISO 8601 in UTC, quotas bytes; names of domains and addresses stand in both forms where they differ.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mailcenter.directory.models import (
    Alias,
    ApiKey,
    AppPassword,
    AuditEntry,
    Domain,
    LoginRecord,
    Mailbox,
    Organisation,
    User,
)
from mailcenter.directory.scope import Scope

Plain = dict[str, Any]


def plain_organisation(organisation: Organisation) -> Plain:
    """A customer with his limits; None is none."""
    return {
        "id": organisation.pk,
        "name": organisation.name,
        "reseller_id": organisation.reseller_id,
        "most_domains": organisation.most_domains,
        "most_mailboxes": organisation.most_mailboxes,
        "most_aliases": organisation.most_aliases,
        "most_bytes": organisation.most_bytes,
        "created_at": plain_time(organisation.created_at),
    }


def plain_domain(domain: Domain) -> Plain:
    """A domain with the name of its organisation."""
    return {
        "id": domain.pk,
        "name": domain.name,
        "unicode_name": domain.unicode_name,
        "organisation": domain.organisation.name,
        "organisation_id": domain.organisation_id,
        "is_active": domain.is_active,
        "catch_all": domain.catch_all,
        "app_passwords_only": domain.app_passwords_only,
        "password_minimum": domain.password_minimum,
        "password_deadline": domain.password_deadline.isoformat() if domain.password_deadline else None,
        "created_at": plain_time(domain.created_at),
    }


def plain_login(record: LoginRecord) -> Plain:
    """Equal attempts of one hour; `login` None: nobody has the one that was tried."""
    return {
        "id": record.pk,
        "login": record.user.login if record.user else None,
        "service": record.service,
        "address": record.address,
        "network": record.network,
        "country": record.country,
        "program": record.program,
        "result": record.result,
        "first_at": plain_time(record.first_at),
        "last_at": plain_time(record.last_at),
        "times": record.times,
    }


def plain_mailbox(mailbox: Mailbox) -> Plain:
    """A mailbox; where its mail lies is for the platform only and not told."""
    return {
        "id": mailbox.pk,
        "address": mailbox.address,
        "unicode_address": mailbox.unicode_address,
        "domain": mailbox.domain.name,
        "domain_id": mailbox.domain_id,
        "user_id": mailbox.user_id,
        "display_name": mailbox.display_name,
        "quota_bytes": mailbox.quota_bytes,
        "used_bytes": mailbox.used_bytes,
        "is_active": mailbox.is_active,
        "app_passwords_only": mailbox.app_passwords_only,
        "created_at": plain_time(mailbox.created_at),
    }


def plain_alias(alias: Alias) -> Plain:
    """An alias with all its destinations."""
    return {
        "id": alias.pk,
        "address": alias.address,
        "unicode_address": alias.unicode_address,
        "domain": alias.domain.name,
        "domain_id": alias.domain_id,
        "destinations": sorted(destination.address for destination in alias.destinations.all()),
        "is_active": alias.is_active,
        "created_at": plain_time(alias.created_at),
    }


def plain_user(user: User) -> Plain:
    """A login; `domains` restricts a domain administrator, empty is all of his organisation."""
    return {
        "id": user.pk,
        "login": user.login,
        "display_name": user.display_name,
        "role": user.role,
        "organisation": user.organisation.name if user.organisation else None,
        "organisation_id": user.organisation_id,
        "domains": sorted(domain.name for domain in user.domains.all()),
        "language": user.language,
        "is_active": user.is_active,
        "created_at": plain_time(user.created_at),
        "last_login": plain_time(user.last_login),
    }


def plain_api_key(key: ApiKey) -> Plain:
    """A key without its secret, which nobody has."""
    return {
        "id": key.pk,
        "prefix": key.prefix,
        "name": key.name,
        "user": key.user.login,
        "scopes": key.scopes,
        "networks": key.networks,
        "created_at": plain_time(key.created_at),
        "expires_at": plain_time(key.expires_at),
        "last_used_at": plain_time(key.last_used_at),
        "last_used_from": key.last_used_from,
    }


def plain_app_password(row: AppPassword) -> Plain:
    """An app password without itself, which nobody has; `last_used_*` say when, by what and from where."""
    return {
        "id": row.pk,
        "name": row.name,
        "mailbox": row.mailbox.address,
        "services": row.services,
        "created_at": plain_time(row.created_at),
        "last_used_at": plain_time(row.last_used_at),
        "last_used_service": row.last_used_service,
        "last_used_address": row.last_used_address,
        "last_used_country": row.last_used_country,
        "last_used_program": row.last_used_program,
    }


def plain_audit(entry: AuditEntry, scope: Scope) -> Plain:
    """Who did what, when, by which door; where mail lies is for the platform only."""
    changes = entry.changes
    if scope.kind != "operator":
        changes = {name: value for name, value in changes.items() if name != "storage_key"}
    return {
        "id": entry.pk,
        "at": plain_time(entry.at),
        "acting_user_id": entry.acting_user_id,
        "acting_login": entry.acting_login,
        "behind_login": entry.behind_login,
        "via": entry.via,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "object_name": entry.object_name,
        "organisation_id": entry.organisation_id,
        "changes": changes,
    }


def plain_time(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
