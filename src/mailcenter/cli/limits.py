"""Limits as they are written on the command line: `domains=5`, `storage=50G`, `mailboxes=none`."""

from __future__ import annotations

from collections.abc import Iterable

from mailcenter.actions import ActionError
from mailcenter.cli.mailbox import quota_bytes

_ARGUMENTS = {
    "domains": "most_domains",
    "mailboxes": "most_mailboxes",
    "aliases": "most_aliases",
    "storage": "most_bytes",
}
_NONE = "none"


def read_limits(texts: Iterable[str]) -> dict[str, int | None]:
    """The arguments of the action.

    Raises:
        ActionError: a text is no limit.
    """
    limits: dict[str, int | None] = {}
    for text in texts:
        kind, _sign, value = text.partition("=")
        if kind not in _ARGUMENTS or not value:
            raise ActionError("limit", f"{text!r} is no limit; write it as domains=5 or storage=50G, see --help")
        if value == _NONE:
            limits[_ARGUMENTS[kind]] = None
        elif kind == "storage":
            limits[_ARGUMENTS[kind]] = quota_bytes(value)
        elif value.isascii() and value.isdigit() and len(value) < 12:
            limits[_ARGUMENTS[kind]] = int(value)
        else:
            raise ActionError("limit", f"{text!r}: write a number, or none")
    return limits
