"""`mailcenter app-password`: passwords of single devices of a mailbox owner."""

from __future__ import annotations

from typing import Annotated

import typer

from mailcenter.actions.app_passwords import create_app_password, remove_app_password
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.directory.lookup import mailbox_at
from mailcenter.directory.plain import plain_app_password
from mailcenter.directory.scope import OPERATOR, visible_app_passwords
from mailcenter.passwords.app_passwords import SERVICES

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Passwords of single devices.")

Address = Annotated[str, typer.Argument(help="Address of the mailbox.")]


@app.command()
def add(
    address: Address,
    name: Annotated[str, typer.Option("--name", help="Device or program.")],
    service: Annotated[list[str], typer.Option("--service", help=f"Repeat. One of: {', '.join(SERVICES)}.")],
    as_json: AsJson = False,
) -> None:
    """Make one. The password is printed this once."""
    mailbox = existing(mailbox_at(OPERATOR, address), "mailbox", address)
    row, password = create_app_password(actor=ROOT, mailbox=mailbox, name=name, services=service)
    print_one({**plain_app_password(row), "password": password}, as_json=as_json)


@app.command("list")
def list_all(address: Address, as_json: AsJson = False) -> None:
    """Those of a mailbox, with their last use."""
    mailbox = existing(mailbox_at(OPERATOR, address), "mailbox", address)
    columns = ("id", "name", "services", "last_used_at", "last_used_address", "last_used_country", "last_used_program")
    rows = visible_app_passwords(OPERATOR).filter(mailbox=mailbox)
    print_rows(map(plain_app_password, rows), columns, as_json=as_json)


@app.command()
def remove(number: Annotated[int, typer.Argument(metavar="ID", help="As `list` shows it.")]) -> None:
    """End one at once; running sessions of the mailbox end."""
    row = existing(visible_app_passwords(OPERATOR).filter(pk=number).first(), "app password", str(number))
    say(remove_app_password(actor=ROOT, app_password=row))
