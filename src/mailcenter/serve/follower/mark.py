"""How far a file has been read, and by what it is known again when it was renamed or replaced."""

from __future__ import annotations

import os
from dataclasses import dataclass

HEAD_BYTES = 256
"""A log line begins with time, host, program and process: no two files begin with the same 256 bytes."""


@dataclass(frozen=True)
class Mark:
    """`position` bytes of the file are in the database; `head` is its beginning, at most HEAD_BYTES of what was read.

    An inode number alone names no file: the file system gives it to another file as soon as the first is gone.
    """

    inode: int
    position: int = 0
    head: bytes = b""

    def advanced(self, descriptor: int, position: int) -> Mark:
        """The mark after reading on; the head grows until it is whole."""
        head = self.head
        if len(head) < HEAD_BYTES and len(head) < position:
            head = os.pread(descriptor, min(position, HEAD_BYTES), 0)
        return Mark(self.inode, position, head)

    def fits(self, descriptor: int) -> bool:
        """Whether this open file is the one that was read: it begins the same and is not shorter than what was read."""
        status = os.fstat(descriptor)
        if status.st_size < self.position:
            return False
        if not self.head:
            return status.st_ino == self.inode
        return os.pread(descriptor, len(self.head), 0) == self.head
