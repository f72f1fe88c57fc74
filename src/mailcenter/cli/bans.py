"""`mailcenter gate bans` and `mailcenter gate ban`: client networks that are shut out for a while."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import typer
from django.utils import timezone

from mailcenter.actions import UNSET
from mailcenter.actions.bans import add_ban, lift_ban
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.directory.plain_gate import plain_ban
from mailcenter.directory.scope import OPERATOR, visible_bans

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Ban a client network for a while, or lift a ban.")

_UNITS: Final = {"m": 60, "h": 3600, "d": 86400}
_COLUMNS: Final = ("network", "cause", "offences", "turned_away", "started_at", "ends_at", "note")

Network = Annotated[str, typer.Argument(help="Network such as 192.0.2.0/24, or one address.")]


def list_bans(
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
) -> None:
    """Client networks that are banned now."""
    rows = visible_bans(OPERATOR)
    if not everything:
        rows = rows.filter(ended_at=None, ends_at__gt=timezone.now())
    print_rows(map(plain_ban, rows), (*_COLUMNS, "ended_at") if everything else _COLUMNS, as_json=as_json)


@app.command("add")
def add(
    network: Network,
    duration: Annotated[str, typer.Option("--for", help="How long: 30m, 2h, 7d.")],
    note: Annotated[str | None, typer.Option(help="Why, for people.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ban a network; one that is banned already gets the new end."""
    ban = add_ban(actor=ROOT, network=network, seconds=_seconds(duration), note=UNSET if note is None else note)
    print_one(plain_ban(ban), as_json=as_json)


@app.command("lift")
def lift(network: Network) -> None:
    """End the ban of a network; it is written there as `gate bans` shows it, or as a single address."""
    say(lift_ban(actor=ROOT, ban=_in_force(network.strip())))


def _in_force(network: str) -> Any:
    names = [network, f"{network}/32", f"{network}/128"]
    rows = visible_bans(OPERATOR).filter(network__in=names, ended_at=None, ends_at__gt=timezone.now())
    return existing(rows.first(), "ban of", network)


def _seconds(duration: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([mhd])", duration.strip())
    if match is None:
        raise CommandError(f"{duration!r} is no duration; write 30m, 2h or 7d")
    return int(match[1]) * _UNITS[match[2]]
