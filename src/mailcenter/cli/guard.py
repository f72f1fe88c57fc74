"""`mailcenter guard`: who is locked out of which service, and until when; who signed in from where."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from mailcenter.actions.lockouts import Lockout, client_network, lift_lockout, lock_out, lockouts
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_rows, say
from mailcenter.directory.lookup import user_called
from mailcenter.directory.plain import plain_login
from mailcenter.directory.scope import OPERATOR, visible_logins

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Logins: their history, and who is locked out.")

Service = Annotated[str, typer.Argument(help="imap, pop3, sieve, submission or web.")]
Client = Annotated[str, typer.Argument(help="IPv4 address, or an IPv6 address for its /64.")]
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """The lockouts in force, the next to end first."""
    rows = map(_plain, lockouts(ROOT))
    print_rows(rows, ("service", "network", "since", "until", "guesses"), as_json=as_json)


@app.command()
def lift(service: Service, client: Client) -> None:
    """End a lockout now."""
    say(lift_lockout(actor=ROOT, service=service, client=client))


@app.command()
def lock(
    service: Service,
    client: Client,
    time: Annotated[str, typer.Option("--for", help="For how long: 30m, 2h, 7d.")] = "1h",
) -> None:
    """Lock a network out of a service, or for longer than it is."""
    say(lock_out(actor=ROOT, service=service, client=client, seconds=_seconds(time)))


@app.command()
def logins(
    login: Annotated[str | None, typer.Argument(help="Only of this account.")] = None,
    client: Annotated[str | None, typer.Option(help="Only from this address.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed.")] = False,
    limit: Annotated[int, typer.Option(help="Rows at the most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Sign-ins, the latest first; equal ones of an hour are one row."""
    rows = visible_logins(OPERATOR).order_by("-last_at", "-pk")
    if login is not None:
        rows = rows.filter(user=existing(user_called(OPERATOR, login), "user", login))
    if client is not None:
        rows = rows.filter(network=client_network(client))
    if failed:
        rows = rows.exclude(result="good")
    columns = ("last_at", "login", "service", "address", "program", "result", "times")
    print_rows(map(plain_login, rows[:limit]), columns, as_json=as_json)


def _plain(lockout: Lockout) -> dict[str, Any]:
    return {**asdict(lockout), "since": lockout.since.isoformat(), "until": lockout.until.isoformat()}


def _seconds(text: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,8})([smhd])", text)
    if match is None:
        raise CommandError(f"{text!r} is no time; write 90s, 30m, 2h or 7d")
    return int(match[1]) * _UNITS[match[2]]
