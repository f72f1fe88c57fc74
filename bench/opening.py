"""How a bench with mail systems of its own begins and ends: as root, each system in a directory that goes with it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import typer

from bench.stack import StackError


@contextmanager
def own_systems(say: Callable[[str], None], *failures: type[Exception]) -> Iterator[ExitStack]:
    """What is to be undone at the end goes on the stack that it gives.

    Args:
        failures: what ends the bench with a line instead of a traceback, beside a `StackError`.

    Raises:
        typer.Exit: it is not run as root, or a system failed.
    """
    if os.geteuid() != 0:
        say("error: mail systems are started as root")
        raise typer.Exit(1)
    expected: tuple[type[Exception], ...] = (StackError, *failures)
    try:
        with ExitStack() as stack:
            yield stack
    except expected as error:
        say(f"error: {error}")
        raise typer.Exit(1) from None


def own_directory(stack: ExitStack, name: str, *, keep: bool = False) -> Path:
    """A new one, removed at the end unless it is to be kept."""
    root = Path(tempfile.mkdtemp(prefix=f"mc-{name}-"))
    if not keep:
        stack.callback(shutil.rmtree, root, ignore_errors=True)
    return root
