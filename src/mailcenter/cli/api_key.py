"""`mailcenter api-key`: keys of the REST API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from django.utils import timezone

from mailcenter.actions.api_keys import SCOPES, change_api_key, create_api_key, remove_api_key
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.directory.lookup import api_key_starting, user_called
from mailcenter.directory.models import ApiKey
from mailcenter.directory.plain import plain_api_key
from mailcenter.directory.scope import OPERATOR, visible_api_keys

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Keys of the REST API.")

Prefix = Annotated[str, typer.Argument(help="The part of the key between mc_ and the next _.")]


def _meant(prefix: str) -> ApiKey:
    return existing(api_key_starting(OPERATOR, prefix), "API key", prefix)


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="User whose rights the key has.")],
    *,
    name: Annotated[str, typer.Option("--name", help="What it is for.")],
    scope: Annotated[list[str], typer.Option("--scope", help=f"Repeat. One of: {', '.join(SCOPES)}.")],
    network: Annotated[
        list[str] | None, typer.Option("--network", help="May be used from this network only; repeat.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, max=3650, help="Days until it ends.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. Its token is printed this once."""
    user = existing(user_called(OPERATOR, login), "user", login)
    ends = timezone.now() + timedelta(days=days) if days else None
    key, token = create_api_key(actor=ROOT, user=user, name=name, scopes=scope, expires_at=ends, networks=network or ())
    print_one({**plain_api_key(key), "token": token}, as_json=as_json)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """All keys."""
    columns = ("prefix", "name", "user", "scopes", "networks", "expires_at", "last_used_at", "last_used_from")
    print_rows(map(plain_api_key, visible_api_keys(OPERATOR)), columns, as_json=as_json)


@app.command()
def show(prefix: Prefix, as_json: AsJson = False) -> None:
    """One key."""
    print_one(plain_api_key(_meant(prefix)), as_json=as_json)


@app.command()
def change(
    prefix: Prefix, name: Annotated[str, typer.Option("--name", help="New name.")], as_json: AsJson = False
) -> None:
    """Rename a key; for other scopes make a new one."""
    print_one(plain_api_key(change_api_key(actor=ROOT, api_key=_meant(prefix), name=name)), as_json=as_json)


@app.command()
def remove(prefix: Prefix) -> None:
    """Remove a key; it stops working at once."""
    say(remove_api_key(actor=ROOT, api_key=_meant(prefix)))
