"""Take the gate's records from the spool: finished files wholly, open ones as far as they are written.

A file is deleted once its records are in the database. Lines that are no records are set aside in `bad/` and hold
nothing up.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from mailcenter.ledger.record import TransactionRecord
from mailcenter.serve.follower.mark import Mark

_NAME = re.compile(r"(?P<base>[^.]+\.(?P<pid>\d+)\.\d+)(?P<open>\.open)?\.jsonl\Z")
_READ_BYTES = 1 << 20
BAD = "bad"


@dataclass
class Taken:
    """What one reading gave. `finished` may be deleted once the records are kept; `drained`: nothing more is there."""

    records: list[TransactionRecord] = field(default_factory=list)
    lines: list[tuple[str, bytes]] = field(default_factory=list)
    """Base name and line of each record, in the same order."""
    finished: list[Path] = field(default_factory=list)
    drained: bool = True


class Spool:
    """The folder that the gate's workers write to; `marks` by the name of a file without its endings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marks: dict[str, Mark] = {}
        self.seen: set[str] = set()
        """The base names of the files that the last reading found."""

    def read(self, limit: int) -> Taken:
        """The next records, at most `limit`. The marks advance in memory only."""
        taken = Taken()
        files = self._files()
        self.seen = {base for _, base, _ in files}
        for path, base, writer in files:
            if len(taken.records) >= limit:
                taken.drained = False
                break
            # Asked before reading: a writer that is gone by now writes nothing after what we read.
            final = writer is None or not _alive(writer)
            try:
                self._take(path, base, limit, taken, final=final)
            except FileNotFoundError:
                taken.drained = False  # finished and renamed in this moment: found under its new name next time
        return taken

    def lag(self) -> int:
        """Bytes that were not read yet."""
        rest = 0
        for path, base, _ in self._files():
            mark = self.marks.get(base)
            try:
                rest += path.stat().st_size - (mark.position if mark else 0)
            except OSError:
                continue  # taken or renamed in this moment
        return rest

    def sizes(self) -> dict[str, int]:
        """How long each file is now, by base name."""
        sizes = {}
        for path, base, _ in self._files():
            try:
                sizes[base] = path.stat().st_size
            except OSError:
                continue  # taken or renamed in this moment
        return sizes

    def reached(self, sizes: dict[str, int]) -> bool:
        """Whether all that `sizes` told of has been read."""
        there = self.names()
        return all(
            base not in there or (base in self.marks and self.marks[base].position >= size)
            for base, size in sizes.items()
        )

    def names(self) -> set[str]:
        """The base names of all files there."""
        return {base for _, base, _ in self._files()}

    def bad(self) -> int:
        """How many files with lines that could not be read are set aside."""
        try:
            return sum(1 for _ in os.scandir(self.folder / BAD))
        except FileNotFoundError:
            return 0

    def set_aside(self, base: str, line: bytes) -> None:
        """Keep a line that is no record where an operator can look at it."""
        folder = self.folder / BAD
        folder.mkdir(exist_ok=True)
        with (folder / f"{base}.jsonl").open("ab") as file:
            file.write(line.rstrip(b"\n") + b"\n")

    def _files(self) -> list[tuple[Path, str, int | None]]:
        """Path, base name, and the writer's process id while the file is open; in the order of names."""
        found = []
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        for name in sorted(names):
            match = _NAME.match(name)
            if match:
                found.append((self.folder / name, match["base"], int(match["pid"]) if match["open"] else None))
        return found

    def _take(self, path: Path, base: str, limit: int, taken: Taken, *, final: bool) -> None:
        with path.open("rb") as file:
            mark = self.marks.get(base)
            if mark is None or not mark.fits(file.fileno()):
                mark = Mark(os.fstat(file.fileno()).st_ino)
            file.seek(mark.position)
            data = file.read(_READ_BYTES)
            end = self._records(base, data, limit, taken)
            at_end = len(data) < _READ_BYTES and end == data.rfind(b"\n") + 1
            if len(data) == _READ_BYTES and end == 0 and len(taken.records) < limit:
                self.set_aside(base, data)  # no record is a megabyte long
                end = len(data)
            if final and at_end and end < len(data):
                self.set_aside(base, data[end:])  # the writer died in the middle of it, and so answered nobody
                end = len(data)
            self.marks[base] = mark.advanced(file.fileno(), mark.position + end)
            if not at_end:
                taken.drained = False
            elif final:
                taken.finished.append(path)

    def _records(self, base: str, data: bytes, limit: int, taken: Taken) -> int:
        """Read whole lines into `taken`; gives how many bytes they took."""
        start = 0
        while len(taken.records) < limit:
            end = data.find(b"\n", start) + 1
            if end == 0:
                break
            line = data[start:end]
            start = end
            try:
                taken.records.append(TransactionRecord.from_line(line))
                taken.lines.append((base, line))
            except ValueError:
                self.set_aside(base, line)
        return start


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's process
    return True
