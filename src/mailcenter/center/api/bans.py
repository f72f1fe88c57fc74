"""Client networks that are shut out for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from mailcenter.actions import UNSET
from mailcenter.actions.bans import LONGEST, SHORTEST, add_ban, lift_ban
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, page, seen
from mailcenter.directory.plain_gate import plain_ban
from mailcenter.directory.scope import visible_bans

router = Router()
READ = ApiKeyAuth("gate:read")
WRITE = ApiKeyAuth("gate:write")

Everything = Annotated[bool, Query(alias="all", description="Also those that are over.")]


class BanOut(BaseModel):
    """A ban; `ended_at` is null while it is in force, and before `ends_at` where it was lifted."""

    id: int
    network: str
    cause: str
    offences: int
    turned_away: int
    note: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None


class Bans(BaseModel):
    """A page of bans."""

    items: list[BanOut]
    next: int | None


class BanIn(Input):
    """A network or a single address, and how long from now on."""

    network: Line
    seconds: Annotated[int, Field(ge=SHORTEST, le=LONGEST)]
    note: Line | None = None


@router.get("", response=Bans, auth=READ, summary="List bans")
def list_bans(
    request: KeyRequest, limit: Limit = 50, after: After = 0, everything: Everything = False
) -> dict[str, Any]:
    """Networks that are banned now. For operators. Scope: `gate:read`."""
    rows = visible_bans(request.auth.scope)
    if not everything:
        rows = rows.filter(ended_at=None, ends_at__gt=timezone.now())
    return page(rows, plain_ban, limit=limit, after=after)


@router.post("", response={201: BanOut}, auth=WRITE, summary="Ban a network")
def ban_network(request: KeyRequest, body: BanIn) -> dict[str, Any]:
    """One that is banned already gets the new end. For operators. Scope: `gate:write`."""
    note = UNSET if body.note is None else body.note
    return plain_ban(add_ban(actor=request.auth.actor, network=body.network, seconds=body.seconds, note=note))


@router.delete("/{ban_id}", response=Done, auth=WRITE, summary="Lift a ban")
def lift_one_ban(request: KeyRequest, ban_id: Id) -> dict[str, str]:
    """For operators. Scope: `gate:write`."""
    ban = seen(visible_bans(request.auth.scope), ban_id, "ban_id")
    return {"message": lift_ban(actor=request.auth.actor, ban=ban)}
