"""`mailcenter alias`: addresses whose mail goes on to others."""

from __future__ import annotations

from typing import Annotated

import typer

from mailcenter.actions import UNSET, Unset
from mailcenter.actions.aliases import change_alias, create_alias, remove_alias
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.directory.logins import normal_login
from mailcenter.directory.lookup import alias_at, domain_named
from mailcenter.directory.models import Alias
from mailcenter.directory.plain import plain_alias
from mailcenter.directory.scope import OPERATOR, visible_aliases

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Aliases.")

Address = Annotated[str, typer.Argument(help="Address of the alias, in any spelling.")]
Destinations = Annotated[list[str], typer.Argument(help="Addresses that its mail goes to.")]


def _meant(address: str) -> Alias:
    return existing(alias_at(OPERATOR, address), "alias", address)


@app.command()
def add(address: Address, destinations: Destinations, as_json: AsJson = False) -> None:
    """Make an alias."""
    print_one(plain_alias(create_alias(actor=ROOT, address=address, destinations=destinations)), as_json=as_json)


@app.command("list")
def list_all(
    domain: Annotated[str | None, typer.Option(help="Only those of this domain.")] = None, as_json: AsJson = False
) -> None:
    """All aliases, or those of one domain."""
    aliases = visible_aliases(OPERATOR)
    if domain is not None:
        aliases = aliases.filter(domain=existing(domain_named(OPERATOR, domain), "domain", domain))
    print_rows(map(plain_alias, aliases), ("address", "destinations", "is_active"), as_json=as_json)


@app.command()
def show(address: Address, as_json: AsJson = False) -> None:
    """One alias."""
    print_one(plain_alias(_meant(address)), as_json=as_json)


@app.command()
def change(
    address: Address,
    *,
    to: Annotated[list[str] | None, typer.Option("--to", help="All its destinations anew; repeat.")] = None,
    add_destination: Annotated[list[str] | None, typer.Option("--add", help="One more destination; repeat.")] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="A destination to take out; repeat.")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Take mail or not.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change an alias."""
    alias = _meant(address)
    if to and (add_destination or drop):
        raise CommandError("--to sets all destinations; it does not go with --add or --drop")
    destinations: list[str] | Unset = to or UNSET
    if add_destination or drop:
        current = {destination.address for destination in alias.destinations.all()}
        dropped = {normal_login(item) for item in drop or []}
        if unknown := sorted(dropped - current):
            raise CommandError(f"{unknown[0]} is no destination of {alias.address}")
        destinations = sorted(current - dropped) + (add_destination or [])
    changed = change_alias(
        actor=ROOT, alias=alias, destinations=destinations, is_active=UNSET if active is None else active
    )
    print_one(plain_alias(changed), as_json=as_json)


@app.command()
def remove(address: Address) -> None:
    """Remove an alias."""
    say(remove_alias(actor=ROOT, alias=_meant(address)))
