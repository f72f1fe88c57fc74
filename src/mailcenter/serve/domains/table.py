"""The table of domains that Postfix reads by itself (lmdb), written as a whole by Postfix's own tool.

Processes of Postfix see a change at their next question, in one transaction: the old table or the new one
(docs/decisions/0023-domains-table.md).
"""

from __future__ import annotations

import subprocess
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

_SECONDS: Final = 60.0


class DomainTable:
    """`source` is what `postmap` reads; the table lies beside it, as `source` with `.lmdb`."""

    def __init__(self, source: Path, configuration: Path) -> None:
        self._source = source
        self._configuration = configuration
        self._written: AbstractSet[str] | None = None

    def write(self, domains: AbstractSet[str]) -> bool:
        """Bring the table in line.

        Args:
            domains: their names as clients may write them, in lower case, A-labels and U-labels.

        Returns:
            whether it had to be written.

        Raises:
            OSError: it could not be written, and is as it was.
        """
        if domains == self._written:
            return False
        fresh = self._source.with_suffix(".new")
        fresh.write_text("".join(f"{name} 1\n" for name in sorted(domains)), "utf-8")
        fresh.replace(self._source)
        self._postmap()
        self._written = domains
        return True

    def _postmap(self) -> None:
        command = ("postmap", "-c", str(self._configuration), f"lmdb:{self._source}")
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise OSError(f"postmap did not end in {_SECONDS:g} s") from None
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise OSError(said or f"postmap ended with exit code {done.returncode}")
