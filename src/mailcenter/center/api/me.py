"""`/me`: what a key is and may do."""

from __future__ import annotations

from typing import Any

from ninja import Router
from pydantic import BaseModel

from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.users import UserOut
from mailcenter.directory.plain import plain_user

router = Router()


class KeyOut(BaseModel):
    """The key of this request and its user."""

    prefix: str
    name: str
    scopes: list[str]
    networks: list[str]
    user: UserOut


@router.get("", response=KeyOut, auth=ApiKeyAuth(), summary="This key")
def show(request: KeyRequest) -> dict[str, Any]:
    """What this key may do, and whose it is. Every key may ask."""
    key = request.auth.key
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": key.scopes,
        "networks": key.networks,
        "user": plain_user(key.user),
    }
