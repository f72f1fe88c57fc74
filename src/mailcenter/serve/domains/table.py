"""The table of domains that Postfix reads by itself (lmdb), written as a whole by Postfix's own tool.

Processes of Postfix see a change at their next question, in one transaction: the old table or the new one
(docs/decisions/0023-domains-table.md).
"""

from __future__ import annotations

import os
import time
from collections.abc import Set as AbstractSet
from pathlib import Path

from mailcenter.serve.postmap import postmap


class DomainTable:
    """`source` is what `postmap` reads; the table lies beside it, as `source` with `.lmdb`.

    `made`: when the table last had to be made anew, because it was missing or somebody else had been at it (ns since
    the epoch; 0: never). A process of Postfix that could not open the table does not try again before it is reloaded.
    """

    def __init__(self, source: Path, configuration: Path) -> None:
        self.made = 0
        self._source = source
        self._table = _table_of(source)
        self._configuration = configuration
        self._written: AbstractSet[str] | None = None
        self._left: tuple[int, ...] | None = None

    def write(self, domains: AbstractSet[str]) -> bool:
        """Bring the table in line.

        Args:
            domains: their names as clients may write them, in lower case, A-labels and U-labels.

        Returns:
            whether it had to be written.

        Raises:
            OSError: it could not be written, and is as it was.
        """
        found = self._state()
        is_ours = found is not None and found == self._left
        if is_ours and domains == self._written:
            return False
        fresh = self._source.with_suffix(".new")
        fresh.write_text("".join(f"{name} 1\n" for name in sorted(domains)), "utf-8")
        fresh.replace(self._source)
        is_unknown = found is not None and self._left is None  # of a daemon before us
        if not (is_ours or is_unknown) or not self._write_in_place(domains, check=is_unknown):
            self._make_anew()
        self._written, self._left = domains, self._state()
        return True

    def _state(self) -> tuple[int, ...] | None:
        """What differs when somebody else has been at the table; None where there is none."""
        try:
            found = self._table.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _write_in_place(self, domains: AbstractSet[str], *, check: bool) -> bool:
        """Whether it worked; what is no table (any more) cannot be written to."""
        try:
            postmap(self._configuration, f"lmdb:{self._source}")
            return not check or self._read() == domains
        except OSError:
            return False

    def _read(self) -> set[str]:
        said = postmap(self._configuration, "-s", f"lmdb:{self._source}")
        return {line.partition("\t")[0] for line in said.splitlines()}

    def _make_anew(self) -> None:
        """Beside the old one, which it then replaces."""
        fresh = self._source.with_name(f"{self._source.name}-anew")
        _table_of(fresh).unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
        os.link(self._source, fresh)
        postmap(self._configuration, f"lmdb:{fresh}")
        fresh.unlink()
        _table_of(fresh).replace(self._table)
        self.made = time.time_ns()


def _table_of(source: Path) -> Path:
    return source.with_name(f"{source.name}.lmdb")
