"""Strings and numbers as milter packets carry them, refused where they could mean something else on the wire."""

from __future__ import annotations

import re
import struct
from typing import Final

from mailcenter.milter.errors import LocalMilterError

INDEX: Final = struct.Struct(">I")

_FIELD_NAME: Final = re.compile(rb"[!-9;-~]+\Z")  # RFC 5322 section 2.2
_BAD_FOLDING: Final = re.compile(rb"\r|\n(?![ \t]*[^ \t\n])|\n(?![ \t])")


def string(value: bytes) -> bytes:
    """A NUL-terminated string."""
    if b"\0" in value:
        raise LocalMilterError("a NUL would end the string early")
    return value + b"\0"


def field_name(name: bytes) -> bytes:
    """The name of a header field."""
    if not _FIELD_NAME.match(name):
        raise LocalMilterError(f"not a header field name: {name!r}")
    return string(name)


def field_value(value: bytes) -> bytes:
    """A value may be folded by LF and white space; anything else after a line end would be a second field."""
    if _BAD_FOLDING.search(value):
        raise LocalMilterError("a header value must be folded by LF and white space")
    return string(value)
