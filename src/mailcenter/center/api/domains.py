"""`/domains`: mail domains."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router
from pydantic import BaseModel

from mailcenter.actions.domains import change_domain, create_domain, remove_domain
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, Wanted, page, seen
from mailcenter.directory.lookup import domain_named
from mailcenter.directory.plain import plain_domain
from mailcenter.directory.scope import visible_domains, visible_organisations

router = Router()
READ = ApiKeyAuth("domains:read")
WRITE = ApiKeyAuth("domains:write")


class DomainOut(BaseModel):
    """A domain; `name` with A-labels, `unicode_name` for people."""

    id: int
    name: str
    unicode_name: str
    organisation: str
    organisation_id: int
    is_active: bool
    catch_all: str | None
    app_passwords_only: bool
    password_minimum: int | None
    password_deadline: date | None
    created_at: datetime


class Domains(BaseModel):
    """A page of domains."""

    items: list[DomainOut]
    next: int | None


class DomainIn(Input):
    """A new domain, in any spelling."""

    organisation_id: Id
    name: Line


class DomainChange(Input):
    """What may be changed; `catch_all` null: unknown addresses are refused.

    `app_passwords_only`: mail programs need app passwords, people's own open the control center only.
    `password_minimum` (0 to 4) and `password_deadline`, the last day of weaker passwords: null is as the platform says.
    """

    is_active: bool = True
    catch_all: Line | None = None
    app_passwords_only: bool = False
    password_minimum: int | None = None
    password_deadline: date | None = None


@router.get("", response=Domains, auth=READ, summary="List domains")
def list_all(request: KeyRequest, limit: Limit = 50, after: After = 0, name: Wanted = "") -> dict[str, Any]:
    """Those you may see, or the one of this name in any spelling. Scope: `domains:read`."""
    rows = visible_domains(request.auth.scope)
    if name:
        domain = domain_named(request.auth.scope, name)
        rows = rows.filter(pk=domain.pk) if domain else rows.none()
    return page(rows, plain_domain, limit=limit, after=after)


@router.post("", response={201: DomainOut}, auth=WRITE, summary="Host a domain")
def create(request: KeyRequest, body: DomainIn) -> dict[str, Any]:
    """For operators. Scope: `domains:write`."""
    organisation = seen(visible_organisations(request.auth.scope), body.organisation_id, "organisation_id")
    return plain_domain(create_domain(actor=request.auth.actor, organisation=organisation, name=body.name))


@router.get("/{domain_id}", response=DomainOut, auth=READ, summary="Show a domain")
def show(request: KeyRequest, domain_id: Id) -> dict[str, Any]:
    """Scope: `domains:read`."""
    return plain_domain(seen(visible_domains(request.auth.scope), domain_id, "domain_id"))


@router.patch("/{domain_id}", response=DomainOut, auth=WRITE, summary="Change a domain")
def change(request: KeyRequest, domain_id: Id, body: DomainChange) -> dict[str, Any]:
    """Scope: `domains:write`."""
    domain = seen(visible_domains(request.auth.scope), domain_id, "domain_id")
    changes = body.model_dump(exclude_unset=True)
    return plain_domain(change_domain(actor=request.auth.actor, domain=domain, **changes))


@router.delete("/{domain_id}", response=Done, auth=WRITE, summary="Stop hosting a domain")
def remove(request: KeyRequest, domain_id: Id, with_mailboxes: bool = False) -> dict[str, str]:
    """For operators. Its mailboxes go only when asked for; their mail stays on disk. Scope: `domains:write`."""
    domain = seen(visible_domains(request.auth.scope), domain_id, "domain_id")
    return {"message": remove_domain(actor=request.auth.actor, domain=domain, with_mailboxes=with_mailboxes)}
