"""Passwords on the command line: typed, read from stdin, or generated and printed once; never an argument."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mailcenter.actions import UNSET
from mailcenter.actions.base import Unset
from mailcenter.actions.passwords import LONGEST, generate_password
from mailcenter.cli.errors import CommandError
from mailcenter.cli.treatment_options import DEFAULT

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")]
Generate = Annotated[bool, typer.Option("--generate-password", help="Make a random password and print it once.")]
AskPassword = Annotated[bool, typer.Option("--password", help="Ask for a new password.")]
NoPassword = Annotated[bool, typer.Option("--no-password", help="Nobody can log in until a password is set.")]
HashFile = Annotated[
    Path | None,
    typer.Option(
        "--password-hash-file",
        help="Take over a password by its hash, the first line of this file (- is standard input): "
        "{SCHEME}HASH or the maker's notation.",
    ),
]
AppPasswordsOnly = Annotated[
    bool | None,
    typer.Option(
        "--app-passwords-only/--own-password-too",
        help="Whether mail programs need app passwords, or take people's own.",
    ),
]
PasswordMinimum = Annotated[
    str | None,
    typer.Option(
        "--password-minimum",
        help="How strong passwords must be, 0 to 4; or `default`: as the platform or its configuration says.",
    ),
]
PasswordDeadline = Annotated[
    str | None,
    typer.Option("--password-deadline", help="Last day of weaker passwords, as 2027-03-31; or `default`."),
]
_LONGEST_HASH_LINE = 1024


def strength_given(text: str | None) -> int | Unset | None:
    """What `--password-minimum` says. Raises CommandError."""
    if text is None:
        return UNSET
    if text == DEFAULT:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 2:
        raise CommandError(f"{text!r} is no strength; write 0 to 4, or `{DEFAULT}`")
    return int(text)


def day_given(text: str | None) -> date | Unset | None:
    """What `--password-deadline` says. Raises CommandError."""
    if text is None:
        return UNSET
    try:
        return None if text == DEFAULT else date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no day; write it as 2027-03-31, or `{DEFAULT}`") from None


def password_hash_of(file: Path | None) -> str | None:
    """The hash in the file that was named; None where none was.

    Raises:
        CommandError: it cannot be read, or is empty.
    """
    if file is None:
        return None
    try:
        if str(file) == "-":
            line = sys.stdin.readline(_LONGEST_HASH_LINE)
        else:
            with file.open(encoding="utf-8") as opened:
                line = opened.readline(_LONGEST_HASH_LINE)
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{file} cannot be read") from None
    if not line.strip():
        raise CommandError(f"there is no password hash in {file}")
    return line


def password_of(*, from_stdin: bool, generate: bool, ask: bool = True) -> str | None:
    """The password by the way that was chosen; with `ask` a prompt where none was; None for no password.

    Raises:
        CommandError: two ways at once, nothing on stdin, or nobody there to ask.
    """
    if from_stdin and generate:
        raise CommandError("choose one of --password-stdin and --generate-password")
    if generate:
        return generate_password()
    if from_stdin:
        return _line()
    if not ask:
        return None
    if not sys.stdin.isatty():
        raise CommandError("no terminal to ask for the password", "use --password-stdin or --generate-password")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _line() -> str:
    password = sys.stdin.readline(LONGEST + 2).removesuffix("\n").removesuffix("\r")
    if not password:
        raise CommandError("there is no password on standard input")
    return password
