"""`/audit`: who changed what, when, and by which door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel

from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import LARGEST_ID, Limit, Wanted
from mailcenter.directory.audit import search_audit
from mailcenter.directory.plain import plain_audit

router = Router()


class AuditOut(BaseModel):
    """One deed; `changes` holds `[old, new]` of each field changed.

    `behind_login` did it while signed in as the customer `acting_login`; mostly it is empty.
    """

    id: int
    at: datetime
    acting_user_id: int | None
    acting_login: str
    behind_login: str
    via: str
    action: str
    object_type: str
    object_id: int
    object_name: str
    organisation_id: int | None
    changes: dict[str, Any]


class Audit(BaseModel):
    """A page, newest first; `next` goes into `before`."""

    items: list[AuditOut]
    next: int | None


@router.get("", response=Audit, auth=ApiKeyAuth("audit:read"), summary="Read the audit")
def list_all(
    request: KeyRequest,
    *,
    limit: Limit = 50,
    before: Annotated[int, Query(ge=0, le=LARGEST_ID, description="`next` of the page before.")] = LARGEST_ID,
    since: Annotated[AwareDatetime | None, Query(description="Not before this moment.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
    actor: Wanted = "",
    thing: Wanted = "",
) -> dict[str, Any]:
    """What you may see, the newest first. All filters count together.

    `actor` is part of the login of who did it; `thing` part of the name of what it was done to, or its kind and id
    (`mailbox:17`). Scope: `audit:read`.
    """
    rows = search_audit(
        request.auth.scope, since=since, until=until, actor=actor.strip(), thing=thing.strip(), before=before
    )
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return {
        "items": [plain_audit(entry, request.auth.scope) for entry in shown],
        "next": shown[-1].pk if len(found) > limit else None,
    }
