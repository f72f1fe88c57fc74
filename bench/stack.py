"""What a mail system must offer to be measured."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bench.smtp import Target

DOMAIN = "bench.example"
LOCAL_PARTS = tuple(f"box{number:02}" for number in range(20))
RECIPIENTS = tuple(f"{local_part}@{DOMAIN}" for local_part in LOCAL_PARTS)


class StackError(Exception):
    """A stack cannot be started or used; `str()` says what is wrong."""


class Stack(Protocol):
    """A whole mail system with the mailboxes `RECIPIENTS`; every process of it is one of `roots()` or below."""

    name: str
    target: Target
    store: Path
    """Where its mailboxes lie."""

    def start(self) -> None:
        """Until it takes mail. Raises StackError."""

    def stop(self) -> None: ...

    def roots(self) -> dict[str, int]:
        """Name and process id of each daemon's first process."""

    def learn(self, ham: list[bytes], spam: list[bytes]) -> None:
        """Teach its Bayes classifier. Raises StackError."""

    def queued(self) -> int:
        """Mails that wait in its queue."""
