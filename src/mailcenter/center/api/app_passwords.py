"""`/mailboxes/{mailbox_id}/app-passwords`: passwords of single devices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Router
from pydantic import BaseModel, Field

from mailcenter.actions.app_passwords import create_app_password, remove_app_password
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, page, seen
from mailcenter.directory.plain import plain_app_password
from mailcenter.directory.scope import visible_app_passwords, visible_mailboxes

router = Router()
READ = ApiKeyAuth("mailboxes:read")
WRITE = ApiKeyAuth("mailboxes:write")
ALL = "/mailboxes/{mailbox_id}/app-passwords"
ONE = f"{ALL}/{{app_password_id}}"


class AppPasswordOut(BaseModel):
    """An app password; itself it is told once only, when it is made."""

    id: int
    name: str
    mailbox: str
    services: list[str]
    created_at: datetime
    last_used_at: datetime | None
    last_used_service: str
    last_used_address: str
    last_used_country: str
    last_used_program: str


class AppPasswords(BaseModel):
    """A page of app passwords."""

    items: list[AppPasswordOut]
    next: int | None


class AppPasswordMade(AppPasswordOut):
    """A new one, with the password this once."""

    password: str


class AppPasswordIn(Input):
    """A new one; `services` of imap, pop3, submission, sieve."""

    name: Line
    services: Annotated[list[Line], Field(max_length=10)]


@router.get(ALL, response=AppPasswords, auth=READ, summary="List app passwords")
def list_all(request: KeyRequest, mailbox_id: Id, limit: Limit = 50, after: After = 0) -> dict[str, Any]:
    """Those of a mailbox, with their last use. Scope: `mailboxes:read`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    rows = visible_app_passwords(request.auth.scope).filter(mailbox=mailbox)
    return page(rows, plain_app_password, limit=limit, after=after)


@router.post(ALL, response={201: AppPasswordMade}, auth=WRITE, summary="Make an app password")
def create(request: KeyRequest, mailbox_id: Id, body: AppPasswordIn) -> dict[str, Any]:
    """For the mailbox's owner, and operators. Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    row, password = create_app_password(actor=request.auth.actor, mailbox=mailbox, **body.model_dump())
    return {**plain_app_password(row), "password": password}


@router.delete(ONE, response=Done, auth=WRITE, summary="End an app password")
def remove(request: KeyRequest, mailbox_id: Id, app_password_id: Id) -> dict[str, str]:
    """At once; running sessions of the mailbox end. Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    rows = visible_app_passwords(request.auth.scope).filter(mailbox=mailbox)
    row = seen(rows, app_password_id, "app_password_id")
    return {"message": remove_app_password(actor=request.auth.actor, app_password=row)}
