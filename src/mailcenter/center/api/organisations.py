"""`/organisations`: customers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ninja import Router
from pydantic import BaseModel

from mailcenter.actions.limits import use_of
from mailcenter.actions.organisations import change_organisation, create_organisation, remove_organisation
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, Wanted, page, seen
from mailcenter.directory.plain import plain_organisation
from mailcenter.directory.scope import visible_organisations

router = Router()
READ = ApiKeyAuth("organisations:read")
WRITE = ApiKeyAuth("organisations:write")


class OrganisationOut(BaseModel):
    """A customer with his limits; null is none. Bytes: the sum of the quotas of his mailboxes."""

    id: int
    name: str
    reseller_id: int | None
    most_domains: int | None
    most_mailboxes: int | None
    most_aliases: int | None
    most_bytes: int | None
    created_at: datetime


class Organisations(BaseModel):
    """A page of customers."""

    items: list[OrganisationOut]
    next: int | None


class OrganisationIn(Input):
    """A new customer."""

    name: Line
    reseller_id: Id | None = None
    most_domains: int | None = None
    most_mailboxes: int | None = None
    most_aliases: int | None = None
    most_bytes: int | None = None


class OrganisationChange(Input):
    """What may be changed."""

    name: Line = ""
    most_domains: int | None = None
    most_mailboxes: int | None = None
    most_aliases: int | None = None
    most_bytes: int | None = None


class UseOut(BaseModel):
    """What a customer has, with his own customers' together."""

    domains: int
    mailboxes: int
    mailboxes_without_quota: int
    aliases: int
    bytes_given: int


@router.get("", response=Organisations, auth=READ, summary="List organisations")
def list_all(request: KeyRequest, limit: Limit = 50, after: After = 0, name: Wanted = "") -> dict[str, Any]:
    """Those you may see, or the one of this name. Scope: `organisations:read`."""
    rows = visible_organisations(request.auth.scope)
    return page(rows.filter(name=name) if name else rows, plain_organisation, limit=limit, after=after)


@router.post("", response={201: OrganisationOut}, auth=WRITE, summary="Make an organisation")
def create(request: KeyRequest, body: OrganisationIn) -> dict[str, Any]:
    """For operators, and for resellers, whose customer it becomes. Scope: `organisations:write`."""
    given = body.model_dump(exclude={"reseller_id"})
    if body.reseller_id is not None:
        given["reseller"] = seen(visible_organisations(request.auth.scope), body.reseller_id, "reseller_id")
    return plain_organisation(create_organisation(actor=request.auth.actor, **given))


@router.get("/{organisation_id}", response=OrganisationOut, auth=READ, summary="Show an organisation")
def show(request: KeyRequest, organisation_id: Id) -> dict[str, Any]:
    """Scope: `organisations:read`."""
    return plain_organisation(seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id"))


@router.get("/{organisation_id}/use", response=UseOut, auth=READ, summary="What an organisation has of its limits")
def use(request: KeyRequest, organisation_id: Id) -> dict[str, int]:
    """Counted now. Scope: `organisations:read`."""
    return asdict(use_of(seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id")))


@router.patch("/{organisation_id}", response=OrganisationOut, auth=WRITE, summary="Change an organisation")
def change(request: KeyRequest, organisation_id: Id, body: OrganisationChange) -> dict[str, Any]:
    """Name and limits; for operators, and for resellers if it is a customer's. Scope: `organisations:write`."""
    organisation = seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id")
    changes = body.model_dump(exclude_unset=True)
    return plain_organisation(change_organisation(actor=request.auth.actor, organisation=organisation, **changes))


@router.delete("/{organisation_id}", response=Done, auth=WRITE, summary="Remove an organisation")
def remove(request: KeyRequest, organisation_id: Id) -> dict[str, str]:
    """For operators and its reseller; it must have neither domains nor users left. Scope: `organisations:write`."""
    organisation = seen(visible_organisations(request.auth.scope), organisation_id, "organisation_id")
    return {"message": remove_organisation(actor=request.auth.actor, organisation=organisation)}
