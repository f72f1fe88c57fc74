"""How a command fails: one line `error: ...` per fault on stderr, exit code 1, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from django.core.exceptions import ValidationError
from django.db.utils import OperationalError

from mailcenter.engines.base import EngineError
from mailcenter.settings.load import SettingsError


class CommandError(Exception):
    """A command cannot do what it was asked; `str()` says why in one line, `remedy` how to mend it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


def lines_of(error: Exception) -> list[str]:
    """What a person is told about a known failure, without the `error: ` in front."""
    if isinstance(error, SettingsError):
        return str(error).splitlines()
    if isinstance(error, CommandError | EngineError):
        return [f"{error}; {error.remedy}" if error.remedy else str(error)]
    if isinstance(error, OperationalError):
        return ["the database does not answer; look at `mailcenter status`, start with `mailcenter up`"]
    if isinstance(error, ValidationError):
        return list(error.messages)
    return [str(error)]


@contextmanager
def reported() -> Iterator[None]:
    """Turn the failures that we know into lines on stderr and exit code 1."""
    try:
        yield
    except (SettingsError, EngineError, CommandError, OperationalError, ValidationError) as error:
        for line in lines_of(error):
            typer.echo(f"error: {line}", err=True)
        raise typer.Exit(1) from None
