"""The spool: each record is one line, appended by a single write, before the sender gets his reply.

An open file is `NODE.PID.SEQ.open.jsonl`; when it is full, old, or its process gone it becomes `NODE.PID.SEQ.jsonl`.
The ledger daemon follows open ones and deletes finished ones. SEQ is the time of opening in microseconds, so that no
name comes twice even when a pid does.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from mailcenter.ledger.record import TransactionRecord
from mailcenter.serve.gate.ports import UnavailableError

OPEN_SUFFIX: Final = ".open.jsonl"
DONE_SUFFIX: Final = ".jsonl"
FULL_AT: Final = 4 * 2**20
"""Bytes after which a file is finished."""
OLD_AT: Final = 60.0
"""Seconds after which a file that holds something is finished."""
_MODE: Final = 0o640


class Spool:
    """The file of one worker."""

    def __init__(self, folder: Path, node: str) -> None:
        self._folder = folder
        self._node = node
        self._path: Path | None = None
        self._file = -1
        self._size = 0
        self._opened = 0.0

    def write(self, record: TransactionRecord) -> None:
        """Append the record.

        Raises:
            UnavailableError: it is not wholly in the file; the file is as it was before.
        """
        line = record.to_line()
        try:
            if self._file < 0:
                self._open()
            written = os.write(self._file, line)
            if written != len(line):
                os.ftruncate(self._file, self._size)
                raise OSError("only a part of the record could be written")
        except OSError as error:
            raise UnavailableError("spool", str(error)) from None
        self._size += written
        if self._size >= FULL_AT:
            self.finish()

    def finish_old(self) -> None:
        """To be called now and then: finish a file that has been open for long."""
        if self._file >= 0 and self._size and time.monotonic() - self._opened >= OLD_AT:
            self.finish()

    def finish(self) -> None:
        """Close the file and hand it over."""
        if self._file < 0 or self._path is None:
            return
        os.close(self._file)
        self._file = -1
        if self._size:
            _hand_over(self._path)
        else:
            self._path.unlink(missing_ok=True)

    def _open(self) -> None:
        name = f"{self._node}.{os.getpid()}.{time.time_ns() // 1000}{OPEN_SUFFIX}"
        self._path = self._folder / name
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        # The group is the ledger's: it comes from the set-group-id folder.
        self._file = os.open(self._path, flags, _MODE)
        self._size = 0
        self._opened = time.monotonic()


def hand_over_leftovers(folder: Path, node: str, pid: int | None = None) -> None:
    """Finish files whose process is gone: those of `pid`, or without it all whose process does not live."""
    for path in folder.glob(f"{node}.*{OPEN_SUFFIX}"):
        owner = path.name.removeprefix(f"{node}.").partition(".")[0]
        if owner.isdigit() and (int(owner) == pid if pid is not None else not _lives(int(owner))):
            _hand_over(path)


def _hand_over(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.rename(path.with_name(path.name.removesuffix(OPEN_SUFFIX) + DONE_SUFFIX))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
