"""Say what is wrong and how to mend it."""

from __future__ import annotations

import os

import typer
from rich.console import Console

from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_json
from mailcenter.engines.doctor import QUESTIONS
from mailcenter.settings.load import load

app = typer.Typer()


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Examine everything; the exit code is 0 only when nothing is wrong."""
    settings = load()
    if os.geteuid() != 0:
        raise CommandError("only root can examine everything", "use sudo")
    findings = [(name, finding) for name, question in QUESTIONS for finding in question(settings)]
    if as_json:
        print_json([{"check": name, "problem": one.problem, "remedy": one.remedy} for name, one in findings])
    else:
        console = Console(highlight=False, soft_wrap=True, markup=False)
        ill = {name for name, _ in findings}
        for name, _ in QUESTIONS:
            if name not in ill:
                console.print(f"ok    {name}")
        for name, one in findings:
            console.print(f"ILL   {name}: {one.problem}")
            console.print(f"      remedy: {one.remedy}")
    raise typer.Exit(1 if findings else 0)
