"""`mailcenter audit`: who changed what, of all or of what one user may see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from mailcenter.cli.deeds import DeedGroup, existing
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_rows
from mailcenter.directory.audit import search_audit
from mailcenter.directory.lookup import user_called
from mailcenter.directory.plain import plain_audit
from mailcenter.directory.scope import OPERATOR, scope_of

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Who changed what.")

COLUMNS = ("at", "acting_login", "behind_login", "via", "action", "object_name", "changes")


@app.command()
def audit(
    *,
    since: Annotated[str | None, typer.Option("--since", help="Not before this moment (ISO 8601, UTC).")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Before this moment (ISO 8601, UTC).")] = None,
    actor: Annotated[str, typer.Option("--actor", help="Part of the login of who did it.")] = "",
    thing: Annotated[str, typer.Option("--object", help="Part of the name of what it was done to, or KIND:ID.")] = "",
    seen_by: Annotated[str | None, typer.Option("--seen-by", help="Only what this login may read.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10000, help="Most entries shown.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Who changed what, the newest first."""
    scope = OPERATOR if seen_by is None else scope_of(existing(user_called(OPERATOR, seen_by), "user", seen_by))
    rows = search_audit(scope, since=_moment(since), until=_moment(until), actor=actor, thing=thing)[:limit]
    print_rows((plain_audit(entry, scope) for entry in rows), COLUMNS, as_json=as_json)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no moment", "write it as 2026-01-31 or 2026-01-31T12:00:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
