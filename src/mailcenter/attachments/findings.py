"""What the walk over a message reports, and the bounds within which it works."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """Why a file is reported. Only the first three say that something could be executed: by its name, by what it is.

    A script is told apart from a program, because scripts under an honest name are everyday mail among developers.
    """

    EXTENSION = "extension"
    TYPE = "type"
    SCRIPT = "script"
    ENCRYPTED = "encrypted"
    TOO_DEEP = "too-deep"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    TOO_SLOW = "too-slow"
    UNREADABLE = "unreadable"


class Finding(msgspec.Struct, frozen=True):
    """One file. `path` holds the names of the archives and messages around it, outermost first.

    `name` is the claimed name, made fit to be shown (no control or direction marks); empty where there is none.
    `detail` is in English, for the log and for those who know what a file type is: `.exe`, `Windows program`.
    """

    path: tuple[str, ...]
    name: str
    reason: Reason
    detail: str = ""


class Limits(msgspec.Struct, frozen=True):
    """Bounds of one walk. Sizes are bytes; what goes beyond is reported, never followed."""

    parts: int = 10_000
    """MIME parts of the message and the messages attached to it."""
    nesting: int = 100
    """Multiparts and messages within each other; Postfix's `mime_nesting_limit` has the same default."""
    header: int = 1_048_576
    """Octets of one part's header that are read."""
    depth: int = 8
    """Archives within archives, encoded messages and TNEF included."""
    entries: int = 20_000
    """Files in all archives together."""
    member: int = 33_554_432
    """Of a file inside an archive that is an archive itself and must be unpacked as a whole."""
    unpacked: int = 268_435_456
    """All that is unpacked, and what a single archive may claim to hold."""
    seconds: float = 5.0
    findings: int = 100


class Report(msgspec.Struct, frozen=True):
    """The findings in the order of the message. Something was left unexamined unless `is_complete`."""

    findings: tuple[Finding, ...]
    is_complete: bool
