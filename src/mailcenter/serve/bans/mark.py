"""The empty table before postscreen's lists, by which it hears of changes: put back where it is lost.

A postscreen that begins without it passes over all its lists, and does not look for it again by itself
(docs/decisions/0008-bans.md).
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

from mailcenter.serve.postmap import postmap

log = logging.getLogger("bans")


class Mark:
    """`table`: the file, with `.db` at its end.

    `made`: when it last had to be made anew (ns since the epoch; 0: never). Postfix is to be reloaded then.
    """

    def __init__(self, table: Path, configuration: Path) -> None:
        self.made = 0
        self._table = table
        self._configuration = configuration
        self._left: tuple[int, int] | None = None

    def keep(self) -> None:
        """Make the table anew where it is missing or none, or somebody has put another there.

        Raises:
            OSError: it could not be made.
        """
        found = self._state()
        if found is None or (found != self._left and not self._is_empty_table()):
            self._make_anew()
            log.warning("the table that tells postscreen of changes was missing or none, and was made anew")
        self._left = self._state()

    def _state(self) -> tuple[int, int] | None:
        """What differs when it is another; its time does not count, as each change of the list is told by that."""
        try:
            found = self._table.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size

    def _is_empty_table(self) -> bool:
        try:
            return not postmap(self._configuration, "-s", f"hash:{self._table.with_suffix('')}")
        except OSError:
            return False

    def _make_anew(self) -> None:
        """Beside the old one, which it then replaces."""
        fresh = self._table.with_name(f"{self._table.stem}-anew")
        fresh.with_suffix(".db").unlink(missing_ok=True)
        fresh.touch()
        fresh.chmod(0o644)
        postmap(self._configuration, f"hash:{fresh}")
        fresh.unlink()
        fresh.with_suffix(".db").replace(self._table)
        self.made = time.time_ns()
