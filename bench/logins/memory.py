"""Memory of whole process trees: the proportional set size, in which a page that several share counts once in all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench import cpu

_PSS: Final = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


def kib_by_root(roots: Mapping[str, int]) -> dict[str, int]:
    """KiB of the tree below each root (name to process id), from /proc/PID/smaps_rollup (proc(5))."""
    return {name: sum(map(_kib, members)) for name, members in cpu.members(roots).items()}


def _kib(process: int) -> int:
    try:
        found = _PSS.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended while we looked
    return int(found[1]) if found else 0
