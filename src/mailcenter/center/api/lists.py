"""Lists of senders who are always accepted or always refused: of mailboxes, of domains, of the platform."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Router
from pydantic import BaseModel

from mailcenter.actions.senders import change_sender, create_sender, remove_sender
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, page, seen
from mailcenter.directory.plain_gate import plain_sender
from mailcenter.directory.scope import visible_domains, visible_mailboxes, visible_sender_entries

router = Router()
READ = ApiKeyAuth("lists:read")
WRITE = ApiKeyAuth("lists:write")

Action = Literal["allow", "deny"]


class SenderOut(BaseModel):
    """An entry; `domain` and `mailbox` both null: the platform's."""

    id: int
    sender: str
    kind: str
    action: str
    domain: str | None
    domain_id: int | None
    mailbox: str | None
    mailbox_id: int | None
    note: str
    created_at: datetime


class Senders(BaseModel):
    """A page of entries."""

    items: list[SenderOut]
    next: int | None


class SenderIn(Input):
    """`sender`: an address, a domain, or `*.domain` with its subdomains."""

    sender: Line
    action: Action
    note: Line = ""


class SenderChange(Input):
    """What may be changed."""

    action: Action = "allow"
    note: Line = ""


@router.get("/senders", response=Senders, auth=READ, summary="List senders")
def list_all(request: KeyRequest, limit: Limit = 50, after: After = 0) -> dict[str, Any]:
    """Entries of all lists you may see. Scope: `lists:read`."""
    return page(visible_sender_entries(request.auth.scope), plain_sender, limit=limit, after=after)


@router.post("/senders", response={201: SenderOut}, auth=WRITE, summary="Put a sender on the platform's list")
def create(request: KeyRequest, body: SenderIn) -> dict[str, Any]:
    """For operators. Scope: `lists:write`."""
    return plain_sender(create_sender(actor=request.auth.actor, **body.model_dump()))


@router.get("/domains/{domain_id}/senders", response=Senders, auth=READ, summary="List senders of a domain")
def list_of_domain(request: KeyRequest, domain_id: Id, limit: Limit = 50, after: After = 0) -> dict[str, Any]:
    """Scope: `lists:read`."""
    domain = seen(visible_domains(request.auth.scope), domain_id, "domain_id")
    rows = visible_sender_entries(request.auth.scope).filter(domain=domain)
    return page(rows, plain_sender, limit=limit, after=after)


@router.post(
    "/domains/{domain_id}/senders", response={201: SenderOut}, auth=WRITE, summary="Put a sender on a domain's list"
)
def create_for_domain(request: KeyRequest, domain_id: Id, body: SenderIn) -> dict[str, Any]:
    """Scope: `lists:write`."""
    domain = seen(visible_domains(request.auth.scope), domain_id, "domain_id")
    return plain_sender(create_sender(actor=request.auth.actor, place=domain, **body.model_dump()))


@router.get("/mailboxes/{mailbox_id}/senders", response=Senders, auth=READ, summary="List senders of a mailbox")
def list_of_mailbox(request: KeyRequest, mailbox_id: Id, limit: Limit = 50, after: After = 0) -> dict[str, Any]:
    """Scope: `lists:read`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    rows = visible_sender_entries(request.auth.scope).filter(mailbox=mailbox)
    return page(rows, plain_sender, limit=limit, after=after)


@router.post(
    "/mailboxes/{mailbox_id}/senders",
    response={201: SenderOut},
    auth=WRITE,
    summary="Put a sender on a mailbox's list",
)
def create_for_mailbox(request: KeyRequest, mailbox_id: Id, body: SenderIn) -> dict[str, Any]:
    """Its owner may do so, too. Scope: `lists:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    return plain_sender(create_sender(actor=request.auth.actor, place=mailbox, **body.model_dump()))


@router.patch("/senders/{sender_id}", response=SenderOut, auth=WRITE, summary="Change an entry")
def change(request: KeyRequest, sender_id: Id, body: SenderChange) -> dict[str, Any]:
    """Scope: `lists:write`."""
    entry = seen(visible_sender_entries(request.auth.scope), sender_id, "sender_id")
    return plain_sender(change_sender(actor=request.auth.actor, entry=entry, **body.model_dump(exclude_unset=True)))


@router.delete("/senders/{sender_id}", response=Done, auth=WRITE, summary="Take a sender off a list")
def remove(request: KeyRequest, sender_id: Id) -> dict[str, str]:
    """Scope: `lists:write`."""
    entry = seen(visible_sender_entries(request.auth.scope), sender_id, "sender_id")
    return {"message": remove_sender(actor=request.auth.actor, entry=entry)}
