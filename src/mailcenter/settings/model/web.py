"""The control center."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mailcenter.settings.model.base import Section


def _all_roles(given: dict[RoleName, int]) -> dict[RoleName, int]:
    return {**IDLE_MINUTES, **given}


RoleName = Literal["operator", "support", "reseller", "domain_admin", "mailbox"]


IDLE_MINUTES: dict[RoleName, int] = {
    "operator": 60,
    "support": 60,
    "reseller": 60,
    "domain_admin": 120,
    "mailbox": 120,
}


class Web(Section):
    """Control center and REST API."""

    workers: int = Field(default=2, ge=1, le=64, description="Processes of the application server.")
    session_hours: int = Field(
        default=24, ge=1, le=720, description="Hours after which a login of the center ends, however busy it is."
    )
    idle_minutes: Annotated[dict[RoleName, Annotated[int, Field(ge=1, le=1440)]], AfterValidator(_all_roles)] = Field(
        default=IDLE_MINUTES,
        description="Minutes without a click after which a login of the center ends, by role; a role that is not named keeps its own.",
    )
    second_factor_roles: list[RoleName] = Field(
        default_factory=list,
        description="Roles that must have a second factor (authenticator app or passkey): they are led to set one up before anything else works.",
    )
    act_as_customer_roles: list[Literal["operator", "support", "reseller"]] = Field(
        default=["operator", "support", "reseller"],
        description="Roles that may sign in as one of their customers; empty: nobody. Each such visit is in the customer's audit log.",
    )
    public_url: str = Field(
        default="",
        pattern=r"\A(https?://[A-Za-z0-9.:\[\]-]{1,200})?\z",
        description="Where strangers reach the center: SMTP replies link there. Empty: `https://` and `host_name`, with the port unless it is 443.",
    )
    help_url: str = Field(
        default="", description="Address printed in SMTP replies for help; empty: the center's own pages."
    )
