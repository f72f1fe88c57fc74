"""How the directory's commands act: as root, with everything in sight, refusals as one line of error."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from typer.core import TyperGroup

from mailcenter.actions import ActionError, Actor
from mailcenter.cli.errors import CommandError
from mailcenter.directory.lookup import organisation_named
from mailcenter.directory.models import Organisation
from mailcenter.directory.scope import OPERATOR, visible_organisations

T = TypeVar("T")

ROOT: Final = Actor(user=None, via="cli")


class DeedGroup(TyperGroup):
    """A group of commands whose refused actions end as a named error."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ActionError as error:
            raise CommandError(f"{error.field}: {error.message}" if error.field else error.message) from None


def existing(row: T | None, what: str, name: str) -> T:
    """The object, or the error that there is none of this name."""
    if row is None:
        raise CommandError(f"there is no {what} {name}")
    return row


def organisation_meant(name: str | None) -> Organisation:
    """The organisation of this name; without a name the only one there is."""
    if name is not None:
        return existing(organisation_named(OPERATOR, name), "organisation", name)
    rows = list(visible_organisations(OPERATOR)[:2])
    if len(rows) != 1:
        raise CommandError("which organisation?", "name it with --organisation, see `mailcenter organisation list`")
    return rows[0]
