"""`mailcenter trace`: the story of a mail in plain words."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailcenter.cli.errors import CommandError
from mailcenter.ledger.queries import trace as stories_of
from mailcenter.ledger.story import Story

app = typer.Typer()


@app.command()
def trace(
    key: Annotated[str, typer.Argument(metavar="ADDRESS|REFERENCE|QUEUE-ID", help="What is known of the mail.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most mails of an address.")] = 20,
) -> None:
    """Tell the story of a mail: who brought it, what was decided and why, what became of it; the newest mail last."""
    stories = stories_of(key, limit=limit)
    if as_json:
        typer.echo(json.dumps([as_values(story) for story in stories], indent=2, default=_plain, ensure_ascii=False))
        return
    if not stories:
        raise CommandError(
            f"the ledger knows no mail with {key!r}", "give an address, the reference in a reply, or a queue id"
        )
    console = Console(soft_wrap=True)
    for story in reversed(stories):
        _print(console, story)


def as_values(story: Story) -> dict[str, Any]:
    """The story for JSON: the summary's fields, then the rest; each step with code, parameters and English text."""
    values = asdict(story.summary) | asdict(story)
    del values["summary"]
    values["outcome_text"] = story.outcome_text
    values["steps"] = [
        {"at": step.at, "code": step.code, "params": step.params, "text": step.text} for step in story.steps
    ]
    return values


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _print(console: Console, story: Story) -> None:
    line = story.summary
    subject = f"  {line.subject}" if line.subject else ""
    console.print(f"[bold]{story.reference}[/bold]{escape(subject)}", highlight=False)
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for step in story.steps:
        table.add_row(f"{step.at.astimezone():%Y-%m-%d %H:%M:%S}", escape(step.text))
    console.print(table)
    rule = f" (rule {line.rule})" if line.rule else ""
    score = f", spam score {line.score:g}" if line.score is not None else ""
    console.print(f"[bold]{escape(story.outcome_text)}[/bold]{escape(rule)}{score}\n", highlight=False)
