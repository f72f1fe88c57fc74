"""`/password-policy`: how strong passwords must be on the whole platform, and until when weaker ones work."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router
from pydantic import BaseModel

from mailcenter.actions.password_policy import change_password_policy, plain_password_policy
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import Input

router = Router()
READ = ApiKeyAuth("logins:read")
WRITE = ApiKeyAuth("logins:write")


class PasswordPolicyOut(BaseModel):
    """What operators said, null where they left it to the configuration; what is in force where no domain differs."""

    password_minimum: int | None
    password_deadline: date | None
    minimum_in_force: int
    deadline_in_force: date | None


class PasswordPolicyChange(Input):
    """`password_minimum` from 0 to 4; `password_deadline`: the last day of weaker passwords; null: as configured."""

    password_minimum: int | None = None
    password_deadline: date | None = None


@router.get("/password-policy", response=PasswordPolicyOut, auth=READ, summary="Show the policy of passwords")
def show(request: KeyRequest) -> dict[str, Any]:
    """Of the platform; domains may have their own. Scope: `logins:read`."""
    return plain_password_policy()


@router.patch("/password-policy", response=PasswordPolicyOut, auth=WRITE, summary="Change the policy of passwords")
def change(request: KeyRequest, body: PasswordPolicyChange) -> dict[str, Any]:
    """For operators. Scope: `logins:write`."""
    change_password_policy(actor=request.auth.actor, **body.model_dump(exclude_unset=True))
    return plain_password_policy()
