"""What commands print: a table for people or, with `--json`, the same data for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

_WIDE = 10_000  # not a terminal: a table is as wide as its content and never cut

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def say(text: str) -> None:
    """One line for people."""
    typer.echo(text)


def print_json(data: Any) -> None:
    """Data for programs, characters as they are."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """A list: `columns` of each row as a table, or the whole rows as JSON."""
    rows = list(rows)
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    _console().print(table)


def print_one(row: Mapping[str, Any], *, as_json: bool) -> None:
    """One object: a line per field, or JSON."""
    if as_json:
        print_json(row)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for name, value in row.items():
        table.add_row(name.replace("_", " "), _cell(value))
    _console().print(table)


def _console() -> Console:
    terminal = Console(markup=False, highlight=False)
    return terminal if terminal.is_terminal else Console(markup=False, highlight=False, width=_WIDE)


def _cell(value: Any) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)
