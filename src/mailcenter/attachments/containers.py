"""Open what holds other files: one reader for each kind of archive, all giving entries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Final

from mailcenter.attachments.budget import Budget
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.file_types import Archive, file_type
from mailcenter.attachments.rar_reader import rar_entries
from mailcenter.attachments.seven_zip_reader import seven_zip_entries
from mailcenter.attachments.tar_reader import BLOCK, tar_entries
from mailcenter.attachments.tnef_reader import tnef_entries
from mailcenter.attachments.unpack import bunzip2, gunzip, stored, unxz
from mailcenter.attachments.zip_reader import zip_entries

_READERS: Final = {"zip": zip_entries, "rar": rar_entries, "7z": seven_zip_entries, "tnef": tnef_entries}
_STREAMS: Final = {"gz": gunzip, "bz2": bunzip2, "xz": unxz}
_SUFFIXES: Final = (".gz", ".bz2", ".xz")
_SHORT_SUFFIXES: Final = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


def archive_entries(kind: Archive, data: bytes, name: str, budget: Budget) -> Iterator[Entry]:
    """The files in an archive of this kind; `name` is its own, after which the content of a bare stream is called.

    Raises (while it is walked through):
        Damaged: it cannot be read, or no further.
        LimitReached: it is too much.
    """
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(data, budget)
    if kind == "tar":
        return tar_entries(stored(data, budget), budget)
    # gzip ends with the size of what it holds, modulo 4 GB (RFC 1952 section 2.3.1)
    claimed_size = int.from_bytes(data[-4:], "little") if kind == "gz" else 0
    return _stream_entries(_STREAMS[kind](data, budget), name, claimed_size, budget)


def _stream_entries(pieces: Iterator[bytes], name: str, claimed_size: int, budget: Budget) -> Iterator[Entry]:
    """What a compressed stream holds: the files of a tar archive, else one file."""
    head = b""
    while len(head) < BLOCK and (piece := next(pieces, b"")):
        head += piece
    whole = chain((head,), pieces)
    if file_type(head, is_named=False).archive == "tar":
        yield from tar_entries(whole, budget)
    elif head:
        yield Entry(_inner_name(name), claimed_size, open=partial(iter, whole))


def _inner_name(name: str) -> str:
    lower = name.lower()
    for suffix in _SUFFIXES:
        if lower.endswith(suffix):
            return name[: -len(suffix)]
    for suffix, instead in _SHORT_SUFFIXES.items():
        if lower.endswith(suffix):
            return name[: -len(suffix)] + instead
    return name
