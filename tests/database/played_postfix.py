"""Postfix as the notices daemon hands its mails to it."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path


class Postfix:
    """What was handed over: recipient and language; `says` is raised instead where a test wants that."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.says: Exception | None = None

    def __call__(self, path: Path, recipient: str, content: bytes) -> str:
        if self.says:
            raise self.says
        message = message_from_bytes(content, policy=policy.default)
        self.taken.append((recipient, str(message["content-language"])))
        return "2.0.0 Ok: queued as 4jX000001z1Sb"
