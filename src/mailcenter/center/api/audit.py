"""`/audit`: who changed what, when, and by which door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import BaseModel

from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import LARGEST_ID, Limit
from mailcenter.directory.plain import plain_audit
from mailcenter.directory.scope import visible_audit

router = Router()


class AuditOut(BaseModel):
    """One deed; `changes` holds `[old, new]` of each field changed."""

    id: int
    at: datetime
    acting_user_id: int | None
    acting_login: str
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
    limit: Limit = 50,
    before: Annotated[int, Query(ge=0, le=LARGEST_ID, description="`next` of the page before.")] = LARGEST_ID,
) -> dict[str, Any]:
    """Newest first. Scope: `audit:read`."""
    found = list(visible_audit(request.auth.scope).filter(pk__lt=before).order_by("-pk")[: limit + 1])
    shown = found[:limit]
    return {
        "items": [plain_audit(entry) for entry in shown],
        "next": shown[-1].pk if len(found) > limit else None,
    }
