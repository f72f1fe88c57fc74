"""See mails arrive in mailboxes by inotify(7), the same way for maildir (`new/…`) and sdbox (`dbox-Mails/u.…`).

The moment counted is that of the rename or link by which Dovecot puts the finished file into its place.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import re
import struct
import time
from pathlib import Path

_CREATE, _MOVED_TO, _IS_DIRECTORY = 0x100, 0x80, 0x40000000
_EVENT = struct.Struct("iIII")
MAIL_FILE = re.compile(r"(?:.*/)?(?:(?:new|cur)/[^/]+|dbox-Mails/u\.\d+)\Z")
_HEADER_BYTES = 16384
_libc = ctypes.CDLL(None, use_errno=True)


class Arrivals:
    """Watches a mail store while the event loop runs; `times` maps a mark's number to its first arrival (monotonic)."""

    def __init__(self, store: Path, mark: bytes) -> None:
        """`mark` is a header name; the field's value is the mail's number."""
        self._store = store
        self._pattern = re.compile(rb"^" + mark + rb": (\d+)\r?$", re.MULTILINE)
        self._directories: dict[int, Path] = {}
        self._descriptor = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify is not available")
        self.times: dict[int, float] = {}
        self.unknown = 0
        self.changed = asyncio.Event()

    def start(self) -> None:
        self._watch(self._store)
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)

    def stop(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _watch(self, directory: Path, *, new: bool = False) -> None:
        number = _libc.inotify_add_watch(self._descriptor, os.fsencode(directory), _CREATE | _MOVED_TO)
        if number < 0:
            return  # removed again before we came
        self._directories[number] = directory
        for entry in os.scandir(directory):
            if entry.is_dir(follow_symlinks=False):
                self._watch(Path(entry.path), new=new)
            elif new:
                self._arrived(Path(entry.path), time.monotonic())

    def _read(self) -> None:
        now = time.monotonic()
        data = os.read(self._descriptor, 2**16)
        position = 0
        while position < len(data):
            number, mask, _, length = _EVENT.unpack_from(data, position)
            name = data[position + _EVENT.size : position + _EVENT.size + length].rstrip(b"\0")
            position += _EVENT.size + length
            path = self._directories[number] / os.fsdecode(name)
            if mask & _IS_DIRECTORY:
                self._watch(path, new=True)
            else:
                self._arrived(path, now)

    def _arrived(self, path: Path, now: float) -> None:
        if not MAIL_FILE.match(str(path)):
            return
        try:
            with path.open("rb") as file:
                found = self._pattern.search(file.read(_HEADER_BYTES))
        except FileNotFoundError:
            return  # moved on, as from new/ to cur/
        if found:
            self.times.setdefault(int(found[1]), now)
        else:
            self.unknown += 1
        self.changed.set()
