"""Passwords in requests: write-only, no answer ever holds one."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from mailcenter.actions.passwords import LONGEST
from mailcenter.center.api.values import Input
from mailcenter.passwords.imported import SCHEMES

Password = Annotated[
    str, StringConstraints(max_length=LONGEST), Field(json_schema_extra={"format": "password", "writeOnly": True})
]

PasswordHash = Annotated[
    str,
    StringConstraints(max_length=LONGEST + 40),
    Field(
        description=f"Hash from another system, as `{{SCHEME}}HASH` or in its maker's notation: {SCHEMES}.",
        json_schema_extra={"writeOnly": True},
    ),
]


class PasswordIn(Input):
    """A new password; for one's own account the current one as well."""

    password: Password
    current_password: Password | None = None

    def done(self) -> dict[str, str]:
        """The answer, which says nothing of it."""
        return {"message": _("The password is set.")}
