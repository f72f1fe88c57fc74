"""`/mailboxes`: mailboxes and their owners' passwords."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel

from mailcenter.actions.mailboxes import change_mailbox, create_mailbox, remove_mailbox
from mailcenter.actions.passwords import import_password, set_password
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.passwords import Password, PasswordHash, PasswordIn
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, Wanted, page, seen
from mailcenter.directory.lookup import mailbox_at
from mailcenter.directory.plain import plain_mailbox
from mailcenter.directory.scope import visible_mailboxes

router = Router()
READ = ApiKeyAuth("mailboxes:read")
WRITE = ApiKeyAuth("mailboxes:write")


class MailboxOut(BaseModel):
    """A mailbox; `quota_bytes` 0 is unlimited. `used_bytes` is counted where there is a quota, else null."""

    id: int
    address: str
    unicode_address: str
    domain: str
    domain_id: int
    user_id: int
    display_name: str
    quota_bytes: int
    used_bytes: int | None
    is_active: bool
    app_passwords_only: bool
    created_at: datetime


class Mailboxes(BaseModel):
    """A page of mailboxes."""

    items: list[MailboxOut]
    next: int | None


class MailboxIn(Input):
    """A new mailbox. Without a password nobody can log in until one is set."""

    address: Line
    password: Password | None = None
    password_hash: PasswordHash | None = None
    display_name: Line = ""
    quota_bytes: int = 0
    language: Line = ""


class HashIn(Input):
    """A password by its hash."""

    password_hash: PasswordHash


class MailboxChange(Input):
    """What may be changed; its owner may change the name, and whether programs need app passwords."""

    display_name: Line = ""
    quota_bytes: int = 0
    is_active: bool = True
    app_passwords_only: bool = False


@router.get("", response=Mailboxes, auth=READ, summary="List mailboxes")
def list_all(
    request: KeyRequest, limit: Limit = 50, after: After = 0, address: Wanted = "", domain: Wanted = ""
) -> dict[str, Any]:
    """Those you may see, those of a domain, or the one of this address. Scope: `mailboxes:read`."""
    rows = visible_mailboxes(request.auth.scope)
    if domain:
        rows = rows.filter(domain__name=domain)
    if address:
        mailbox = mailbox_at(request.auth.scope, address)
        rows = rows.filter(pk=mailbox.pk) if mailbox else rows.none()
    return page(rows, plain_mailbox, limit=limit, after=after)


@router.post("", response={201: MailboxOut}, auth=WRITE, summary="Make a mailbox")
def create(request: KeyRequest, body: MailboxIn) -> dict[str, Any]:
    """Its owner logs in with the address. Scope: `mailboxes:write`."""
    return plain_mailbox(create_mailbox(actor=request.auth.actor, **body.model_dump()))


@router.get("/{mailbox_id}", response=MailboxOut, auth=READ, summary="Show a mailbox")
def show(request: KeyRequest, mailbox_id: Id) -> dict[str, Any]:
    """Scope: `mailboxes:read`."""
    return plain_mailbox(seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id"))


@router.patch("/{mailbox_id}", response=MailboxOut, auth=WRITE, summary="Change a mailbox")
def change(request: KeyRequest, mailbox_id: Id, body: MailboxChange) -> dict[str, Any]:
    """Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    changes = body.model_dump(exclude_unset=True)
    return plain_mailbox(change_mailbox(actor=request.auth.actor, mailbox=mailbox, **changes))


@router.put("/{mailbox_id}/password", response=Done, auth=WRITE, summary="Set the password of a mailbox")
def password(request: KeyRequest, mailbox_id: Id, body: PasswordIn) -> dict[str, str]:
    """The owner himself must give the current one as well. Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    set_password(actor=request.auth.actor, user=mailbox.user, **body.model_dump())
    return body.done()


@router.put("/{mailbox_id}/password-hash", response=Done, auth=WRITE, summary="Take over a password by its hash")
def password_hash(request: KeyRequest, mailbox_id: Id, body: HashIn) -> dict[str, str]:
    """For owners who come from another system; it becomes Argon2id at the next login. Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    import_password(actor=request.auth.actor, user=mailbox.user, password_hash=body.password_hash)
    return {"message": _("The password is taken over.")}


@router.delete("/{mailbox_id}", response=Done, auth=WRITE, summary="Remove a mailbox")
def remove(request: KeyRequest, mailbox_id: Id) -> dict[str, str]:
    """With its login. The mail stays on disk. Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    return {"message": remove_mailbox(actor=request.auth.actor, mailbox=mailbox)}
