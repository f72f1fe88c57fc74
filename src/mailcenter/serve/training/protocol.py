"""Dovecot's protocol for programs behind a socket (`program-client-remote.c`, version 4): what precedes the message.

The first line is a version; then come settings, one per line, up to `noreply` or `-`; then arguments, up to an empty
line; then the message until the client shuts its side down. Unless `noreply` was said, `+` or `-` is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST_HEAD: Final = 8192
_VERSION: Final = b"VERSION\tscript\t4\t"
_ESCAPES: Final = {b"0": b"\0", b"1": b"\1", b"t": b"\t", b"r": b"\r", b"n": b"\n"}


class ProtocolError(ValueError):
    """Not this protocol, or another version."""


@dataclass(frozen=True, slots=True)
class Head:
    """`user`: whose mail it is, the first argument."""

    reply_wanted: bool
    user: str


def parse_head(data: bytes) -> tuple[Head, bytes] | None:
    """The head and what follows it already; None where more must be read.

    Raises:
        ProtocolError: it cannot become one.
    """
    if len(data) > LONGEST_HEAD and b"\n\n" not in data[:LONGEST_HEAD]:
        raise ProtocolError("the head is too long")
    version, newline, rest = data.partition(b"\n")
    if not newline:
        return None
    if not version.startswith(_VERSION):
        raise ProtocolError(f"speaks {version[:80]!r}")
    while True:
        line, newline, rest = rest.partition(b"\n")
        if not newline:
            return None
        if line in (b"noreply", b"-"):
            break
    arguments: list[str] = []
    reply_wanted = line == b"-"
    while True:
        line, newline, rest = rest.partition(b"\n")
        if not newline:
            return None
        if not line:
            break
        arguments.append(_unescaped(line).decode("utf-8", "replace"))
    return Head(reply_wanted, arguments[0] if arguments else ""), rest


def _unescaped(line: bytes) -> bytes:
    first, *others = line.split(b"\1")
    return first + b"".join(_ESCAPES.get(part[:1], part[:1]) + part[1:] for part in others)
