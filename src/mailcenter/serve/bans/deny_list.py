"""The file of networks that postscreen turns away, and the mark by which it notices that the file is another.

postscreen reads a `cidr:` table once in its life. It also looks, at each connection, whether one of its Berkeley DB
files has changed; then it lets its sessions end in the background, and master starts a fresh one. `mark` is such a
file, an empty one, so that nothing of Postfix but postscreen notices (docs/decisions/0008-bans.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

EVERY: Final = 30.0
"""Seconds between two changes: each lets postscreen begin anew. The gate refuses at once what is missing meanwhile."""


class DenyList:
    """Writes the file as a whole, when its content differs and the last change is long enough ago."""

    def __init__(self, file: Path, mark: Path, every: float = EVERY) -> None:
        self._file = file
        self._mark = mark
        self._every = every
        self._next = 0.0

    def write(self, networks: Iterable[str], now: float) -> float:
        """Bring the file in line; `now` in seconds of a steady clock.

        Returns:
            seconds after which to call again because it was too early; 0 where the file is as it should be.

        Raises:
            OSError: it cannot be written.
        """
        content = "".join(f"{network} reject\n" for network in sorted(networks))
        if self._file.exists() and self._file.read_text("ascii") == content:
            return 0.0
        if now < self._next:
            return self._next - now
        fresh = self._file.with_suffix(".new")
        fresh.write_text(content, "ascii")
        fresh.chmod(0o644)
        fresh.replace(self._file)
        os.utime(self._mark)
        self._next = now + self._every
        return 0.0
