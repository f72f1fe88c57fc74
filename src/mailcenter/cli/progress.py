"""Show how far a long deed is: moving lines on a terminal, plain ones elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from mailcenter.engines.platform.report import Report


class _Lines:
    """For logs and pipes: one line when something begins, one when an engine is healthy."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def step(self, text: str) -> None:
        self._say(text)

    def engine(self, name: str, *, healthy: bool, detail: str) -> None:
        if healthy:
            self._say(f"{name}: healthy, {detail}")

    def _say(self, text: str) -> None:
        typer.echo(f"{time.monotonic() - self._begun:6.1f} s  {text}", err=True)


class _Display:
    """For people: a line for what is going on, and one per engine that is asked for its health."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._step = progress.add_task("", detail="", total=None)
        self._engines: dict[str, TaskID] = {}

    def step(self, text: str) -> None:
        self._progress.update(self._step, detail=text)

    def engine(self, name: str, *, healthy: bool, detail: str) -> None:
        if name not in self._engines:
            self._engines[name] = self._progress.add_task(name, detail=detail, total=1)
        mark = "[green]healthy[/]  " if healthy else ""
        self._progress.update(self._engines[name], detail=f"{mark}{detail}", completed=1 if healthy else 0)


@contextmanager
def progress() -> Iterator[Report]:
    """A report on stderr, so that stdout holds results only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}", style="bold"),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        yield _Display(shown)
