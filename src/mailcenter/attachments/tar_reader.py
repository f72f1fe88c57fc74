"""Read tar archives from a stream (POSIX ustar, pax, GNU long names), keeping no more than a name and a beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from mailcenter.attachments.budget import Budget, LimitReached
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.file_types import is_tar_header
from mailcenter.attachments.findings import Reason
from mailcenter.attachments.header import decoded
from mailcenter.attachments.unpack import PIECE, Damaged

BLOCK: Final = 512
_LONGEST_EXTRA: Final = 65_536  # octets of a pax header or a long name
_FILES: Final = b"\x0007"  # types of ordinary files: old, ustar, contiguous
_LONG_NAME, _PAX, _PAX_GLOBAL = b"L", b"x", b"g"
_PAX_PATH: Final = re.compile(rb"\d+ path=([^\n]*)\n")


class _Stream:
    """Octets in the sizes that are wanted, from pieces as they come."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, count: int) -> bytes:
        """Up to `count` octets; fewer only at the end."""
        taken = bytearray()
        while len(taken) < count:
            if not self._rest:
                self._rest = next(self._pieces, b"")
                if not self._rest:
                    break
            piece, self._rest = self._rest[: count - len(taken)], self._rest[count - len(taken) :]
            taken += piece
        return bytes(taken)

    def read_pieces(self, count: int) -> Iterator[bytes]:
        """`count` octets in pieces."""
        while count > 0 and (piece := self.read(min(count, PIECE))):
            count -= len(piece)
            yield piece


def tar_entries(pieces: Iterator[bytes], budget: Budget) -> Iterator[Entry]:
    """The files in their order. An entry can be opened until the next one is asked for.

    Raises:
        Damaged: a header is none.
        LimitReached: a name is longer than any file system allows.
    """
    stream = _Stream(pieces)
    long_name = ""
    while True:
        budget.check_time()
        block = stream.read(BLOCK)
        if len(block) < BLOCK or not block.strip(b"\0"):
            return
        if not is_tar_header(block):
            raise Damaged("tar header")
        size, kind = _size(block), block[156:157]
        padding = -size % BLOCK
        if kind in {_LONG_NAME, _PAX, _PAX_GLOBAL}:
            if size > _LONGEST_EXTRA:
                raise LimitReached(Reason.TOO_LARGE, "a file name inside tar")
            extra = stream.read(size)
            stream.read(padding)
            long_name = _long_name(kind, extra) or long_name
            continue
        content = stream.read_pieces(size)
        if kind in _FILES:
            yield Entry(long_name or _name(block), claimed_size=size, open=partial(iter, content))
        for _ in content:
            pass
        stream.read(padding)
        long_name = ""


def _size(block: bytes) -> int:
    field = block[124:136]
    if field[0] & 0x80:  # GNU: binary, big-endian
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    try:
        return int(digits or b"0", 8)
    except ValueError:
        raise Damaged("tar header") from None


def _name(block: bytes) -> str:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:262] == b"ustar" else b""
    return decoded(prefix + b"/" + name if prefix else name)


def _long_name(kind: bytes, extra: bytes) -> str:
    if kind == _LONG_NAME:
        return decoded(extra.partition(b"\0")[0])
    if kind == _PAX:
        paths = _PAX_PATH.findall(extra)
        return decoded(paths[-1]) if paths else ""
    return ""
