"""`/users`: logins and their roles."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Router
from pydantic import BaseModel, Field

from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_factors import reset_second_factors
from mailcenter.actions.sessions import end_sessions
from mailcenter.actions.users import change_user, create_user, remove_user
from mailcenter.center.api.auth import ApiKeyAuth, Caller, KeyRequest
from mailcenter.center.api.passwords import Password, PasswordIn
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, Wanted, page, seen
from mailcenter.directory.logins import normal_login
from mailcenter.directory.models import Domain
from mailcenter.directory.plain import plain_user
from mailcenter.directory.scope import visible_domains, visible_organisations, visible_users

router = Router()
READ = ApiKeyAuth("users:read")
WRITE = ApiKeyAuth("users:write")

DomainIds = Annotated[list[Id], Field(max_length=1000)]


class UserOut(BaseModel):
    """A login; `domains` restricts a domain administrator, empty is all of his organisation."""

    id: int
    login: str
    display_name: str
    role: str
    organisation: str | None
    organisation_id: int | None
    domains: list[str]
    language: str
    is_active: bool
    created_at: datetime
    last_login: datetime | None


class Users(BaseModel):
    """A page of users."""

    items: list[UserOut]
    next: int | None


class UserIn(Input):
    """A new user; mailbox owners are made with their mailbox."""

    login: Line
    role: Line
    organisation_id: Id | None = None
    domain_ids: DomainIds = Field(default_factory=list)
    password: Password | None = None
    display_name: Line = ""
    language: Line = ""


class UserChange(Input):
    """What may be changed; of oneself the display name and the language."""

    display_name: Line = ""
    language: Line = ""
    is_active: bool = True
    domain_ids: DomainIds = Field(default_factory=list)


@router.get("", response=Users, auth=READ, summary="List users")
def list_all(request: KeyRequest, limit: Limit = 50, after: After = 0, login: Wanted = "") -> dict[str, Any]:
    """Those you may see, or the one with this login. Scope: `users:read`."""
    rows = visible_users(request.auth.scope).prefetch_related("domains")
    if login:
        rows = rows.filter(login=normal_login(login))
    return page(rows, plain_user, limit=limit, after=after)


@router.post("", response={201: UserOut}, auth=WRITE, summary="Make a user")
def create(request: KeyRequest, body: UserIn) -> dict[str, Any]:
    """An operator, supporter, reseller or domain administrator, not above your own role. Scope: `users:write`."""
    values = body.model_dump(exclude={"organisation_id", "domain_ids"})
    if body.organisation_id is not None:
        organisations = visible_organisations(request.auth.scope)
        values["organisation"] = seen(organisations, body.organisation_id, "organisation_id")
    values["domains"] = _domains(request.auth, body.domain_ids)
    return plain_user(create_user(actor=request.auth.actor, **values))


@router.get("/{user_id}", response=UserOut, auth=READ, summary="Show a user")
def show(request: KeyRequest, user_id: Id) -> dict[str, Any]:
    """Scope: `users:read`."""
    return plain_user(seen(visible_users(request.auth.scope), user_id, "user_id"))


@router.patch("/{user_id}", response=UserOut, auth=WRITE, summary="Change a user")
def change(request: KeyRequest, user_id: Id, body: UserChange) -> dict[str, Any]:
    """Scope: `users:write`."""
    user = seen(visible_users(request.auth.scope), user_id, "user_id")
    changes = body.model_dump(exclude_unset=True, exclude={"domain_ids"})
    if "domain_ids" in body.model_fields_set:
        changes["domains"] = _domains(request.auth, body.domain_ids)
    return plain_user(change_user(actor=request.auth.actor, user=user, **changes))


@router.put("/{user_id}/password", response=Done, auth=WRITE, summary="Set a user's password")
def password(request: KeyRequest, user_id: Id, body: PasswordIn) -> dict[str, str]:
    """For one's own account the current one must be given as well. Scope: `users:write`."""
    user = seen(visible_users(request.auth.scope), user_id, "user_id")
    set_password(actor=request.auth.actor, user=user, **body.model_dump())
    return body.done()


@router.delete("/{user_id}/second-factors", response=Done, auth=WRITE, summary="Reset a user's second factors")
def reset(request: KeyRequest, user_id: Id) -> dict[str, str]:
    """Takes app, passkeys and recovery codes from somebody who lost them; not one's own. Scope: `users:write`."""
    user = seen(visible_users(request.auth.scope), user_id, "user_id")
    return {"message": reset_second_factors(actor=request.auth.actor, user=user)}


@router.delete("/{user_id}/sessions", response=Done, auth=WRITE, summary="End a user's sessions")
def end(request: KeyRequest, user_id: Id) -> dict[str, str]:
    """All sessions in the control center; API keys go on. Scope: `users:write`."""
    user = seen(visible_users(request.auth.scope), user_id, "user_id")
    return {"message": end_sessions(actor=request.auth.actor, user=user)}


@router.delete("/{user_id}", response=Done, auth=WRITE, summary="Remove a user")
def remove(request: KeyRequest, user_id: Id) -> dict[str, str]:
    """With his API keys; a mailbox owner goes with his mailbox. Scope: `users:write`."""
    user = seen(visible_users(request.auth.scope), user_id, "user_id")
    return {"message": remove_user(actor=request.auth.actor, user=user)}


def _domains(caller: Caller, ids: list[int]) -> list[Domain]:
    return [seen(visible_domains(caller.scope), domain_id, "domain_ids") for domain_id in ids]
