"""Start, stop and show the platform."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_json
from mailcenter.cli.progress import progress
from mailcenter.engines.platform.down import down as stop_platform
from mailcenter.engines.platform.information import information
from mailcenter.engines.platform.status import EngineStatus, NotRunningError
from mailcenter.engines.platform.status import status as platform_status
from mailcenter.engines.platform.up import up as start_platform
from mailcenter.settings.load import load

app = typer.Typer(no_args_is_help=True)


@app.command()
def up(
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until everything is healthy.")] = True,
) -> None:
    """Start the platform, or bring it in line with the configuration."""
    settings = load()
    _as_root()
    begun = time.monotonic()
    with progress() as report:
        start_platform(settings, report, wait=wait)
    state = "healthy" if wait else "started"
    typer.echo(f"{settings.host_name} is {state} ({time.monotonic() - begun:.1f} s); `mailcenter info` tells the ports")


@app.command()
def down() -> None:
    """Stop the platform."""
    settings = load()
    _as_root()
    with progress() as report:
        stopped = stop_platform(settings, report)
    typer.echo(f"{settings.host_name} is stopped" if stopped else f"{settings.host_name} was not running")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show every process and its health; the exit code is 0 only when all are healthy."""
    settings = load()
    _as_root()
    try:
        rows = platform_status(settings)
    except NotRunningError as error:
        if as_json:
            print_json({"running": False, "healthy": False, "engines": []})
            raise typer.Exit(1) from None
        raise CommandError(f"{settings.host_name} is not running", error.remedy) from None
    healthy = all(row.healthy for row in rows)
    if as_json:
        print_json({"running": True, "healthy": healthy, "engines": [asdict(row) for row in rows]})
    else:
        _show(rows)
    raise typer.Exit(0 if healthy else 1)


@app.command()
def info(as_json: AsJson = False) -> None:
    """Show addresses, ports and (in a demo) logins."""
    found = information(load())
    if as_json:
        print_json(found)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("host name", found["host_name"])
    table.add_row("state directory", found["state_dir"])
    for name, place in found["services"].items():
        table.add_row(name, f"{place['host']}:{place['port']}")
    table.add_row("metrics", found["metrics"] or "off (metrics.enabled)")
    table.add_row("certificate authority", found["ca_certificate"] or "-")
    for who, login in found.get("logins", {}).items():
        table.add_row(f"login {who}", f"{login['login']}  {login['password']}")
    _console().print(table)


def _show(rows: list[EngineStatus]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("engine", "health", "process", "pid", "up", "restarts", "detail"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        process = row.processes[0] if row.processes else None
        table.add_row(
            row.name,
            "[green]healthy[/]" if row.healthy else "[red bold]ill[/]",
            process.state.lower() if process else "-",
            str(process.pid or "-") if process else "-",
            duration(process.uptime) if process and process.pid else "-",
            str(process.restarts) if process else "-",
            row.detail if row.healthy or not row.remedy else f"{row.detail}; {row.remedy}",
        )
    _console().print(table)


def duration(seconds: int) -> str:
    """In the two largest units, as `3d 4h`."""
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    parts = []
    for name, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{name}")
    return " ".join(parts[:2]) or "0s"


def _console() -> Console:
    shown = Console(highlight=False)
    return shown if shown.is_terminal else Console(highlight=False, width=250)


def _as_root() -> None:
    if os.geteuid() != 0:
        raise CommandError("only root can do this", "daemons get users of their own; use sudo")
