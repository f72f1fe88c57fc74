"""Sign-ins and lockouts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from mailcenter.actions.lockouts import LONGEST, lift_lockout, lock_out, lockouts
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Input, Limit, Line, page
from mailcenter.directory.plain import plain_login
from mailcenter.directory.scope import visible_logins

router = Router()
READ = ApiKeyAuth("logins:read")
WRITE = ApiKeyAuth("logins:write")

Service = Literal["imap", "pop3", "sieve", "submission", "web"]


class LoginOut(BaseModel):
    """Equal attempts of one hour; `login` null: nobody has the one that was tried."""

    id: int
    login: str | None
    service: str
    address: str
    network: str
    country: str
    program: str
    result: str
    first_at: datetime
    last_at: datetime
    times: int


class Logins(BaseModel):
    """A page of sign-ins."""

    items: list[LoginOut]
    next: int | None


class LockoutOut(BaseModel):
    """A network that may not log in to a service now; `guesses` 0: locked by hand."""

    service: str
    network: str
    since: datetime
    until: datetime
    guesses: int


class Lockouts(BaseModel):
    """Those in force."""

    items: list[LockoutOut]


class LiftIn(Input):
    """Which lockout; `client` is an IPv4 address, or any address of an IPv6 /64."""

    service: Service
    client: Line


class LockIn(LiftIn):
    """And how long from now on."""

    seconds: Annotated[int, Field(ge=1, le=LONGEST)]


Failed = Annotated[bool, Query(description="Only what failed.")]


@router.get("/logins", response=Logins, auth=READ, summary="List sign-ins")
def list_logins(request: KeyRequest, limit: Limit = 50, after: After = 0, failed: Failed = False) -> dict[str, Any]:
    """Your own; for operators and support those of everybody. Scope: `logins:read`."""
    rows = visible_logins(request.auth.scope)
    return page(rows.exclude(result="good") if failed else rows, plain_login, limit=limit, after=after)


@router.get("/lockouts", response=Lockouts, auth=READ, summary="List lockouts")
def list_lockouts(request: KeyRequest) -> dict[str, Any]:
    """Of your own networks; for operators and support all. Scope: `logins:read`."""
    return {"items": [asdict(lockout) for lockout in lockouts(request.auth.actor)]}


@router.post("/lockouts", response={201: Done}, auth=WRITE, summary="Lock out a network")
def lock(request: KeyRequest, body: LockIn) -> dict[str, str]:
    """One that is locked out already gets the new end. For operators and support. Scope: `logins:write`."""
    return {"message": lock_out(actor=request.auth.actor, **body.model_dump())}


@router.post("/lockouts/lift", response=Done, auth=WRITE, summary="Lift a lockout")
def lift(request: KeyRequest, body: LiftIn) -> dict[str, str]:
    """Of your own networks; for operators and support any. Scope: `logins:write`."""
    return {"message": lift_lockout(actor=request.auth.actor, **body.model_dump())}
