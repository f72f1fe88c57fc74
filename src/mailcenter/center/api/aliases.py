"""`/aliases`: addresses whose mail goes on to others."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Router
from pydantic import BaseModel, Field

from mailcenter.actions.aliases import MOST_DESTINATIONS, change_alias, create_alias, remove_alias
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, Wanted, page, seen
from mailcenter.directory.lookup import alias_at
from mailcenter.directory.plain import plain_alias
from mailcenter.directory.scope import visible_aliases

router = Router()
READ = ApiKeyAuth("aliases:read")
WRITE = ApiKeyAuth("aliases:write")

Destinations = Annotated[list[Line], Field(max_length=MOST_DESTINATIONS)]


class AliasOut(BaseModel):
    """An alias with all its destinations."""

    id: int
    address: str
    unicode_address: str
    domain: str
    domain_id: int
    destinations: list[str]
    is_active: bool
    created_at: datetime


class Aliases(BaseModel):
    """A page of aliases."""

    items: list[AliasOut]
    next: int | None


class AliasIn(Input):
    """A new alias."""

    address: Line
    destinations: Destinations


class AliasChange(Input):
    """What may be changed; `destinations` replaces all."""

    destinations: Destinations = Field(default_factory=list)
    is_active: bool = True


@router.get("", response=Aliases, auth=READ, summary="List aliases")
def list_all(
    request: KeyRequest, limit: Limit = 50, after: After = 0, address: Wanted = "", domain: Wanted = ""
) -> dict[str, Any]:
    """Those you may see, those of a domain, or the one of this address. Scope: `aliases:read`."""
    rows = visible_aliases(request.auth.scope)
    if domain:
        rows = rows.filter(domain__name=domain)
    if address:
        alias = alias_at(request.auth.scope, address)
        rows = rows.filter(pk=alias.pk) if alias else rows.none()
    return page(rows, plain_alias, limit=limit, after=after)


@router.post("", response={201: AliasOut}, auth=WRITE, summary="Make an alias")
def create(request: KeyRequest, body: AliasIn) -> dict[str, Any]:
    """Destinations in your own domains must exist. Scope: `aliases:write`."""
    return plain_alias(create_alias(actor=request.auth.actor, **body.model_dump()))


@router.get("/{alias_id}", response=AliasOut, auth=READ, summary="Show an alias")
def show(request: KeyRequest, alias_id: Id) -> dict[str, Any]:
    """Scope: `aliases:read`."""
    return plain_alias(seen(visible_aliases(request.auth.scope), alias_id, "alias_id"))


@router.patch("/{alias_id}", response=AliasOut, auth=WRITE, summary="Change an alias")
def change(request: KeyRequest, alias_id: Id, body: AliasChange) -> dict[str, Any]:
    """Scope: `aliases:write`."""
    alias = seen(visible_aliases(request.auth.scope), alias_id, "alias_id")
    return plain_alias(change_alias(actor=request.auth.actor, alias=alias, **body.model_dump(exclude_unset=True)))


@router.delete("/{alias_id}", response=Done, auth=WRITE, summary="Remove an alias")
def remove(request: KeyRequest, alias_id: Id) -> dict[str, str]:
    """Scope: `aliases:write`."""
    alias = seen(visible_aliases(request.auth.scope), alias_id, "alias_id")
    return {"message": remove_alias(actor=request.auth.actor, alias=alias)}
