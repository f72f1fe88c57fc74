"""Messages that wait to be learned, each a file, so that neither a restart nor an absent Rspamd loses one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

Kind = Literal["spam", "ham"]
KINDS: Final[tuple[Kind, ...]] = ("spam", "ham")

MOST_FILES: Final = 10_000
MOST_BYTES: Final = 256 * 2**20
OLDEST: Final = 7 * 86400.0
"""Seconds after which a message is given up: by then it says little about today's spam."""


class FullError(Exception):
    """There is no room; the message is not learned."""


class Spool:
    """A folder of files `TIME.KIND`; TIME in nanoseconds, so that they are learned in their order."""

    def __init__(self, folder: Path, *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_files = most_files
        self._most_bytes = most_bytes
        sizes = [path.stat().st_size for path in self._paths()]
        self._files, self._bytes = len(sizes), sum(sizes)
        for torn in folder.glob("*.new"):
            torn.unlink()

    def add(self, kind: Kind, message: bytes) -> None:
        """Keep a message, whole or not at all.

        Raises:
            FullError: too much waits already.
        """
        if self._files >= self._most_files or self._bytes + len(message) > self._most_bytes:
            raise FullError(f"{self._files} messages wait already")
        path = self._folder / f"{time.time_ns()}.{kind}"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(message)
        os.replace(fresh, path)
        self._files += 1
        self._bytes += len(message)

    def waiting(self) -> int:
        """How many messages."""
        return self._files

    def take(self) -> Iterator[tuple[Path, Kind, bytes]]:
        """Those that wait, the oldest first; what is too old is dropped."""
        for path in sorted(self._paths()):
            age = time.time() - int(path.stem) / 1e9
            if age > OLDEST:
                self.done(path)
                continue
            yield path, "spam" if path.suffix == ".spam" else "ham", path.read_bytes()

    def done(self, path: Path) -> None:
        """It need not wait any more."""
        size = path.stat().st_size
        path.unlink()
        self._files -= 1
        self._bytes -= size

    def _paths(self) -> list[Path]:
        return [path for kind in KINDS for path in self._folder.glob(f"*.{kind}") if path.stem.isdigit()]
