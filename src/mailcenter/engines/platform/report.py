"""How a long deed tells the one who watches how far it is."""

from __future__ import annotations

from typing import Protocol


class Report(Protocol):
    """Takes what happens; it decides how that is shown."""

    def step(self, text: str) -> None:
        """Something begins that is part of the whole."""

    def engine(self, name: str, *, healthy: bool, detail: str) -> None:
        """How an engine is now; called again when that changes."""


class Silence:
    """For callers that want no report."""

    def step(self, text: str) -> None:
        return

    def engine(self, name: str, *, healthy: bool, detail: str) -> None:
        return
