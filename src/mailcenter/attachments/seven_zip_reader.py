"""List the names in 7z archives. What is packed in them is not unpacked (decision record 6).

Only the header is unpacked, which 7z itself compresses by LZMA.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mailcenter.attachments.budget import Budget, LimitReached
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.findings import Reason
from mailcenter.attachments.seven_zip_header import (
    ADDITIONAL_STREAMS,
    ARCHIVE_PROPERTIES,
    COPY,
    EMPTY_STREAM,
    ENCODED_HEADER,
    END,
    FILES_INFO,
    HEADER,
    LZMA,
    LZMA2,
    MAIN_STREAMS,
    NAMES,
    HeaderReader,
    Streams,
)
from mailcenter.attachments.unpack import Damaged, unlzma

SIGNATURE: Final = b"7z\xbc\xaf\x27\x1c"
_HEADER_START: Final = 32
_LARGEST_HEADER: Final = 16_777_216  # octets


def seven_zip_entries(data: bytes, budget: Budget) -> Iterator[Entry]:
    """The files; one nameless, encrypted entry where even the names are encrypted.

    Raises:
        Damaged: not readable as 7z.
        LimitReached: the header holds more than anybody's would.
    """
    try:
        yield from _entries(data, budget)
    except (IndexError, OverflowError):
        raise Damaged("7z header") from None


def _entries(data: bytes, budget: Budget) -> Iterator[Entry]:
    offset, size = int.from_bytes(data[12:20], "little"), int.from_bytes(data[20:28], "little")
    if len(data) < _HEADER_START:
        raise Damaged("7z header")
    if size == 0:
        return
    header = data[_HEADER_START + offset : _HEADER_START + offset + size]
    for _ in range(4):  # a header may be packed again
        reader = HeaderReader(header, budget)
        kind = reader.octet()
        if kind == HEADER:
            yield from _files(reader)
            return
        if kind != ENCODED_HEADER:
            break
        streams = reader.streams()
        if streams.is_encrypted:
            yield Entry("", is_encrypted=True)
            return
        header = _unpacked_header(data, streams, budget)
    raise Damaged("7z header")


def _unpacked_header(data: bytes, streams: Streams, budget: Budget) -> bytes:
    if (
        len(streams.folders) != 1
        or len(streams.folders[0]) != 1
        or not streams.packed_sizes
        or not streams.unpacked_sizes
    ):
        raise Damaged("7z header")
    coder, size = streams.folders[0][0], streams.unpacked_sizes[0]
    if size > _LARGEST_HEADER:
        raise LimitReached(Reason.TOO_LARGE, "the header of a 7z archive")
    start = _HEADER_START + streams.position
    packed = data[start : start + streams.packed_sizes[0]]
    if coder.method == COPY:
        return packed
    if coder.method not in {LZMA, LZMA2}:
        raise Damaged(f"7z header packed by {coder.method.hex()}")
    version = 1 if coder.method == LZMA else 2
    unpacked = bytearray()
    for piece in unlzma(packed, coder.properties, size, budget, version=version):
        unpacked += piece
        if len(unpacked) >= size:
            break
    return bytes(unpacked[:size])


def _files(reader: HeaderReader) -> Iterator[Entry]:
    """The part of the header behind its first octet."""
    is_encrypted = False
    kind = reader.octet()
    while kind != FILES_INFO:
        if kind == ARCHIVE_PROPERTIES:
            while reader.octet() != END:
                reader.skip(reader.number())
        elif kind in {ADDITIONAL_STREAMS, MAIN_STREAMS}:
            is_encrypted |= reader.streams().is_encrypted
        else:
            return  # an archive without files
        kind = reader.octet()
    count = reader.count()
    names: list[str] = []
    is_empty = [False] * count
    while (kind := reader.number()) != END:
        end = reader.number() + reader.position
        if kind == NAMES and reader.octet() == 0:
            names = reader.octets(end - reader.position).decode("utf-16-le", "replace").split("\0")[:count]
        elif kind == EMPTY_STREAM:
            is_empty = reader.bits(count)
        reader.position = end
    for name, is_nothing in zip(names, is_empty, strict=False):
        # an entry without content is a directory or an empty file
        yield Entry(name, is_encrypted=is_encrypted and not is_nothing)
