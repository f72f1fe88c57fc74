"""A reply of the SMTP dialogue: code, enhanced code, text for the sender; and what the log needs beside it.

RFC 5321 section 4.2 (codes), RFC 3463 and RFC 5248 (enhanced codes).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """`text` is for the outside and holds no internal names; `log` is for us only."""

    code: int
    enhanced: str
    text: str
    log: str = ""

    def line(self, reference: str) -> str:
        """The text after the three-digit code as it goes out, with the transaction's reference."""
        return f"{self.enhanced} {self.text} [{reference}]"
