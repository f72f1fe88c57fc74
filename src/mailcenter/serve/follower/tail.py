"""Follow one log file line by line through rotation: renamed, copied and truncated, or gone.

Nothing is remembered but a `Mark`; after any failure `restore` with the one in the database goes on from there.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from mailcenter.serve.follower.mark import Mark

_COMPRESSED = (".gz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True)
class Chunk:
    """Whole lines, and the mark that holds once they are in the database. `drained`: nothing more is there to read."""

    lines: list[str]
    mark: Mark | None
    drained: bool


class Tail:
    """One log file. `error` tells people what went wrong last; reading goes on regardless."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.error = ""
        self._path = path
        self._mark: Mark | None = None
        self._since = 0.0
        self._descriptor: int | None = None

    def restore(self, mark: Mark | None, updated_at: float = 0.0) -> None:
        """Go on from a mark that was kept at `updated_at` (seconds since 1970); None: the file was never read."""
        self.close()
        self._mark = mark
        self._since = updated_at

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def lag(self) -> int:
        """Bytes that were not read yet, older files not counted."""
        if self._descriptor is None or self._mark is None:
            return _size(self._path)
        rest = os.fstat(self._descriptor).st_size - self._mark.position
        return rest if self._is_live() else rest + _size(self._path)

    def read(self, limit: int) -> Chunk:
        """The next lines, at most `limit` bytes of them; what is longer without a line's end is passed over.

        The mark advances in memory only: when the lines could not be kept, `restore` goes back.
        """
        if self._descriptor is None and not self._open():
            return Chunk([], self._mark, drained=True)
        if not self._current().fits(self._file()):
            self.close()
            self._open()
        data, full = self._take(limit)
        drained = not full and (not data or self._is_live())
        if drained and not data and not self._is_live() and self._turn_over():
            data, full = self._take(limit)
            drained = not full and self._is_live()
        lines = data.decode("utf-8", "replace").replace("\0", "").split("\n")
        return Chunk([line for line in lines if line], self._mark, drained)

    def _current(self) -> Mark:
        assert self._mark is not None  # noqa: S101 - set whenever a file is open
        return self._mark

    def _file(self) -> int:
        assert self._descriptor is not None  # noqa: S101 - callers have opened it
        return self._descriptor

    def _take(self, limit: int) -> tuple[bytes, bool]:
        """Whole lines after the mark, which then stands behind them; and whether there may be more."""
        mark = self._current()
        data = os.pread(self._file(), limit, mark.position)
        end = data.rfind(b"\n") + 1
        if end == 0 and len(data) == limit:
            self.error = f"{self._path.name}: a line longer than {limit} bytes was passed over"
            self._mark = mark.advanced(self._file(), mark.position + limit)
            return b"", True
        if end:
            self._mark = mark.advanced(self._file(), mark.position + end)
            self._since = time.time()
        return data[:end], len(data) == limit

    def _is_live(self) -> bool:
        return _inode(self._path) == os.fstat(self._file()).st_ino

    def _siblings(self) -> list[Path]:
        """The live file and what rotation left of it, oldest first; the live one last."""
        dated = []
        for path in self._path.parent.glob(f"{self._path.name}*"):
            if path.suffix not in _COMPRESSED:
                try:
                    dated.append((path == self._path, path.stat().st_mtime_ns, path))
                except OSError:
                    continue  # rotated away in this moment
        return [path for _, _, path in sorted(dated)]

    def _open(self) -> bool:
        """Open the file that the mark belongs to, else the oldest that was written since; False: there is none."""
        siblings = self._siblings()
        if self._mark is None:
            return self._begin(siblings[0]) if siblings else False
        for path in sorted(siblings, key=lambda path: _inode(path) != self._current().inode):
            descriptor = _descriptor(path)
            if descriptor is None:
                continue
            if self._mark.fits(descriptor):
                self._descriptor = descriptor
                return True
            os.close(descriptor)
        later = self._unread(siblings)
        if not later:
            return False
        self.error = f"{self._path.name}: the file that was being read is gone; went on with {later[0].name}"
        return self._begin(later[0])

    def _unread(self, siblings: list[Path]) -> list[Path]:
        """The live file, and rotated ones that were written after we read for the last time."""
        return [path for path in siblings if path == self._path or _modified(path) > self._since > 0]

    def _begin(self, path: Path) -> bool:
        descriptor = _descriptor(path)
        if descriptor is None:
            return False
        self.close()
        self._descriptor = descriptor
        self._mark = Mark(os.fstat(descriptor).st_ino)
        return True

    def _turn_over(self) -> bool:
        """At the end of a file that was rotated: go on to the next, once something was written there."""
        siblings = self._siblings()
        inodes = [_inode(path) for path in siblings]
        inode = os.fstat(self._file()).st_ino
        later = siblings[inodes.index(inode) + 1 :] if inode in inodes else self._unread(siblings)
        following = next((path for path in later if _size(path)), None)
        if following is None:
            return False
        # The writer has changed over, so this file is final; read what came since we last looked.
        mark = self._current()
        if os.fstat(self._file()).st_size > mark.position:
            if os.pread(self._file(), 1 << 16, mark.position).find(b"\n") >= 0:
                return True
            self.error = f"{self._path.name}: the last line of a rotated file was torn"
        return self._begin(following)


def _descriptor(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY)
    except OSError:
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
