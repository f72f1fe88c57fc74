"""The options by which a domain or a mailbox says how suspicious mail is treated; `default` is as stands above."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from mailcenter.cli.errors import CommandError

DEFAULT: Final = "default"

JunkScore = Annotated[str | None, typer.Option(help="Score from which mail is suspicious, or `default`.")]
RefuseScore = Annotated[str | None, typer.Option(help="Score from which mail is refused, or `default`.")]
SpamActionOption = Annotated[
    str | None, typer.Option("--spam-action", help="junk, mark, forward, nothing, or `default`.")
]
SpamForwardTo = Annotated[str | None, typer.Option(help="Address for --spam-action forward, or `default`.")]
Notices = Annotated[str | None, typer.Option(help="Tell of refused viruses and attachments: yes, no, or `default`.")]

_WORDS: Final = {"yes": True, "no": False}


def treatment_values(
    *,
    junk_score: str | None,
    refuse_score: str | None,
    spam_action: str | None,
    spam_forward_to: str | None,
    notices: str | None,
) -> dict[str, Any]:
    """Arguments for `change_treatment`: only what was given on the command line."""
    given: dict[str, Any] = {}
    for name, text in (("junk_score", junk_score), ("refuse_score", refuse_score)):
        if text is not None:
            given[name] = None if text == DEFAULT else _number(text, name)
    for name, text in (("spam_action", spam_action), ("spam_forward_to", spam_forward_to)):
        if text is not None:
            given[name] = None if text == DEFAULT else text
    if notices is not None:
        if notices not in (*_WORDS, DEFAULT):
            raise CommandError("notices: write yes, no or default")
        given["notices"] = _WORDS.get(notices)
    return given


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CommandError(f"{name}: {text!r} is no number; write one, or `default`") from None
