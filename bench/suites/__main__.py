"""`python -m bench.suites spf|arc|signed PATH`: drive a public suite through a running platform with its own DNS."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Table

from bench.replay.platform import Platform, PlatformError
from bench.suites import arc, signed, spf
from bench.suites.scenario import Outcome, Scenario, run

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Drive a public suite through a running platform.")
Config = Annotated[Path, typer.Option(help="The mailcenter.toml of a running platform that is offline (a demo).")]


def show(console: Console, outcome: Outcome) -> None:
    """The counts, and each case that differs."""
    if outcome.differences:
        table = Table("case", "method", "allowed", "found", title="Different", title_justify="left")
        for one in outcome.differences:
            table.add_row(one.case, one.method, ", ".join(sorted(one.allowed)), one.found)
        console.print(table)
    for name, reply in outcome.not_judged.items():
        console.print(f"not judged: {name} ({reply})", markup=False, highlight=False)
    console.print(
        f"{outcome.as_expected} as expected, {len(outcome.differences)} different "
        f"({len(outcome.false_passes)} pass and must not), {len(outcome.not_judged)} refused before a check"
    )


def _drive(reader: Callable[[Path], list[Scenario]], path: Path, config: Path) -> None:
    try:
        outcome = run(Platform(config), reader(path))
    except (OSError, ValueError, yaml.YAMLError, tarfile.TarError, PlatformError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    show(Console(), outcome)
    raise typer.Exit(1 if outcome.differences else 0)


@app.command("spf")
def spf_suite(path: Path, platform_config: Config) -> None:
    """The suite for RFC 7208: a YAML file with zone data and cases."""
    _drive(spf.read, path, platform_config)


@app.command("arc")
def arc_suite(path: Path, platform_config: Config) -> None:
    """The validation cases of the suite for RFC 8617: a YAML file with messages and keys."""
    _drive(arc.read, path, platform_config)


@app.command("signed")
def signed_mails(path: Path, platform_config: Config) -> None:
    """A folder with mails.tar.xz, dkim.zone and expected.tsv."""
    _drive(signed.read, path, platform_config)


if __name__ == "__main__":
    app()
