"""A reply of the SMTP dialogue: code, enhanced code, text for the sender; and what the log needs beside it.

RFC 5321 section 4.2 (codes), RFC 3463 and RFC 5248 (enhanced codes).
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

_ENHANCED_CODE: Final = re.compile(r"\A[245]\.\d{1,3}\.\d{1,3} ")
_REFERENCE: Final = re.compile(r" \[[0-9a-z]{13}\]\Z")


class Reply(msgspec.Struct, frozen=True):
    """`text` is for the outside and holds no internal names; `log` is for us only."""

    code: int
    enhanced: str
    text: str
    log: str = ""

    def line(self, reference: str) -> str:
        """The text after the three-digit code as it goes out, with the transaction's reference."""
        return f"{self.enhanced} {self.text} [{reference}]"


def bare_reply(line: str) -> str:
    """A reply's text without its enhanced code (RFC 3463) and our reference."""
    return _REFERENCE.sub("", _ENHANCED_CODE.sub("", line))
