"""`/organisations`: customers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router
from pydantic import BaseModel

from mailcenter.actions.organisations import change_organisation, create_organisation, remove_organisation
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, Wanted, page, seen
from mailcenter.directory.plain import plain_organisation
from mailcenter.directory.scope import visible_organisations

router = Router()
READ = ApiKeyAuth("organisations:read")
WRITE = ApiKeyAuth("organisations:write")


class OrganisationOut(BaseModel):
    """A customer."""

    id: int
    name: str
    created_at: datetime


class Organisations(BaseModel):
    """A page of customers."""

    items: list[OrganisationOut]
    next: int | None


class OrganisationIn(Input):
    """A new customer."""

    name: Line


class OrganisationChange(Input):
    """What may be changed."""

    name: Line = ""


@router.get("", response=Organisations, auth=READ, summary="List organisations")
def list_all(request: KeyRequest, limit: Limit = 50, after: After = 0, name: Wanted = "") -> dict[str, Any]:
    """Those you may see, or the one of this name. Scope: `organisations:read`."""
    rows = visible_organisations(request.auth.scope)
    return page(rows.filter(name=name) if name else rows, plain_organisation, limit=limit, after=after)


@router.post("", response={201: OrganisationOut}, auth=WRITE, summary="Make an organisation")
def create(request: KeyRequest, body: OrganisationIn) -> dict[str, Any]:
    """For operators. Scope: `organisations:write`."""
    return plain_organisation(create_organisation(actor=request.auth.actor, name=body.name))


@router.get("/{organisation_id}", response=OrganisationOut, auth=READ, summary="Show an organisation")
def show(request: KeyRequest, organisation_id: Id) -> dict[str, Any]:
    """Scope: `organisations:read`."""
    return plain_organisation(seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id"))


@router.patch("/{organisation_id}", response=OrganisationOut, auth=WRITE, summary="Rename an organisation")
def change(request: KeyRequest, organisation_id: Id, body: OrganisationChange) -> dict[str, Any]:
    """For operators. Scope: `organisations:write`."""
    organisation = seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id")
    changes = body.model_dump(exclude_unset=True)
    return plain_organisation(change_organisation(actor=request.auth.actor, organisation=organisation, **changes))


@router.delete("/{organisation_id}", response=Done, auth=WRITE, summary="Remove an organisation")
def remove(request: KeyRequest, organisation_id: Id) -> dict[str, str]:
    """For operators; it must have neither domains nor users left. Scope: `organisations:write`."""
    organisation = seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id")
    return {"message": remove_organisation(actor=request.auth.actor, organisation=organisation)}
