"""`mailcenter guard`: who is locked out of which service, and until when."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from mailcenter.actions.lockouts import Lockout, lift_lockout, lock_out, lockouts
from mailcenter.cli.deeds import ROOT, DeedGroup
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_rows, say

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Logins: who is locked out.")

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


def _plain(lockout: Lockout) -> dict[str, Any]:
    return {**asdict(lockout), "since": lockout.since.isoformat(), "until": lockout.until.isoformat()}


def _seconds(text: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,8})([smhd])", text)
    if match is None:
        raise CommandError(f"{text!r} is no time; write 90s, 30m, 2h or 7d")
    return int(match[1]) * _UNITS[match[2]]
