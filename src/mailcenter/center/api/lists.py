"""`/senders`: who is always accepted or always refused, by a mailbox, a domain or the platform."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Router
from pydantic import BaseModel

from mailcenter.actions import ActionError
from mailcenter.actions.senders import change_sender, create_sender, remove_sender
from mailcenter.center.api.auth import ApiKeyAuth, Caller, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, page, seen
from mailcenter.directory.models import Domain, Mailbox
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
    """`sender`: an address, a domain, or `*.domain`. For a domain or a mailbox; with neither for the platform."""

    sender: Line
    action: Action
    domain_id: Id | None = None
    mailbox_id: Id | None = None
    note: Line = ""


class SenderChange(Input):
    """What may be changed."""

    action: Action = "allow"
    note: Line = ""


@router.get("", response=Senders, auth=READ, summary="List senders")
def list_all(
    request: KeyRequest, limit: Limit = 50, after: After = 0, domain_id: Id | None = None, mailbox_id: Id | None = None
) -> dict[str, Any]:
    """Entries of the lists you may see, or of one domain or mailbox. Scope: `lists:read`."""
    rows = visible_sender_entries(request.auth.scope)
    if domain_id is not None:
        rows = rows.filter(domain_id=domain_id)
    if mailbox_id is not None:
        rows = rows.filter(mailbox_id=mailbox_id)
    return page(rows, plain_sender, limit=limit, after=after)


@router.post("", response={201: SenderOut}, auth=WRITE, summary="Put a sender on a list")
def create(request: KeyRequest, body: SenderIn) -> dict[str, Any]:
    """Of a mailbox or a domain of yours; the platform's list is for operators. Scope: `lists:write`."""
    values = body.model_dump()
    place = _place(request.auth, values.pop("domain_id"), values.pop("mailbox_id"))
    return plain_sender(create_sender(actor=request.auth.actor, place=place, **values))


@router.patch("/{sender_id}", response=SenderOut, auth=WRITE, summary="Change an entry")
def change(request: KeyRequest, sender_id: Id, body: SenderChange) -> dict[str, Any]:
    """Scope: `lists:write`."""
    entry = seen(visible_sender_entries(request.auth.scope), sender_id, "sender_id")
    return plain_sender(change_sender(actor=request.auth.actor, entry=entry, **body.model_dump(exclude_unset=True)))


@router.delete("/{sender_id}", response=Done, auth=WRITE, summary="Take a sender off a list")
def remove(request: KeyRequest, sender_id: Id) -> dict[str, str]:
    """Scope: `lists:write`."""
    entry = seen(visible_sender_entries(request.auth.scope), sender_id, "sender_id")
    return {"message": remove_sender(actor=request.auth.actor, entry=entry)}


def _place(caller: Caller, domain_id: int | None, mailbox_id: int | None) -> Domain | Mailbox | None:
    if domain_id is not None and mailbox_id is not None:
        raise ActionError("mailbox_id", "name a domain or a mailbox, not both")
    if mailbox_id is not None:
        return seen(visible_mailboxes(caller.scope), mailbox_id, "mailbox_id")
    return None if domain_id is None else seen(visible_domains(caller.scope), domain_id, "domain_id")
