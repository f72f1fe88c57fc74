"""Unpack compressed octets in bounded pieces: nothing is ever unpacked as a whole by a library."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from mailcenter.attachments.budget import Budget

PIECE: Final = 65_536  # octets that come out at once; the first pieces are smaller
_FIRST_PIECE: Final = 4_096
_INPUT: Final = 16_384  # octets that go in at once
_LZMA_MEMORY: Final = 67_108_864  # octets a stream may ask for; a larger dictionary is unreadable


Octets = bytes | memoryview


class Damaged(Exception):  # noqa: N818 - the sender's fault, not ours
    """The octets are not what they claim to be; `str()` says what is wrong."""


class _Decompressor(Protocol):
    """What zlib, bz2 and lzma have in common, once zlib is dressed like the others."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: Octets, max_length: int, /) -> bytes: ...


class _Zlib:
    def __init__(self, window_bits: int) -> None:
        self._object = zlib.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._object.unconsumed_tail

    def decompress(self, data: Octets, max_length: int, /) -> bytes:
        return self._object.decompress(self._object.unconsumed_tail + data, max_length)


def gunzip(data: Octets, budget: Budget) -> Iterator[bytes]:
    """The pieces of a gzip file (RFC 1952), of all its members."""
    return _pieces(data, lambda: _Zlib(31), budget, zlib.error)


def inflate(data: Octets, budget: Budget) -> Iterator[bytes]:
    """The pieces of one raw deflate stream (RFC 1951); what follows it is ignored."""
    return _pieces(data, lambda: _Zlib(-15), budget, zlib.error, is_single=True)


def bunzip2(data: Octets, budget: Budget) -> Iterator[bytes]:
    """The pieces of a bzip2 file, of all its streams."""
    return _pieces(data, bz2.BZ2Decompressor, budget, OSError)


def unxz(data: Octets, budget: Budget) -> Iterator[bytes]:
    """The pieces of an xz file, of all its streams."""
    return _pieces(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _LZMA_MEMORY), budget, lzma.LZMAError)


def unlzma(data: Octets, properties: bytes, size: int, budget: Budget, *, version: int = 1) -> Iterator[bytes]:
    """The pieces of a raw LZMA or LZMA2 stream as in 7z and ZIP; `size` bounds the dictionary, which needs no more.

    Raises:
        Damaged: the properties are not valid.
    """
    filters = [_lzma_filter(properties, max(size, 4_096), version)]
    return _pieces(
        data,
        lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters),
        budget,
        (lzma.LZMAError, ValueError),
        is_single=True,
    )


def stored(data: Octets, budget: Budget) -> Iterator[bytes]:
    """The pieces of octets that are not packed."""
    start, size = 0, _FIRST_PIECE
    while start < len(data):
        piece = bytes(data[start : start + size])
        budget.spend(len(piece))
        yield piece
        start, size = start + size, min(2 * size, PIECE)


def _pieces(
    data: Octets,
    make: Callable[[], _Decompressor],
    budget: Budget,
    errors: type[Exception] | tuple[type[Exception], ...],
    *,
    is_single: bool = False,
) -> Iterator[bytes]:
    position = 0
    while position < len(data):
        decompressor, size = make(), _FIRST_PIECE
        while not decompressor.eof:
            given = data[position : position + _INPUT] if decompressor.needs_input else b""
            is_cut_off = decompressor.needs_input and not given
            position += len(given)
            try:
                piece = decompressor.decompress(given, size)
            except errors as error:
                raise Damaged(str(error)) from None
            budget.spend(len(piece))
            size = min(2 * size, PIECE)
            if piece:
                yield piece
            elif is_cut_off:
                return  # what there was has been given
        if is_single:
            return
        position -= len(decompressor.unused_data)
        while data[position : position + 1] == b"\0":
            position += 1  # padding between members


def _lzma_filter(properties: bytes, size: int, version: int) -> dict[str, Any]:
    limit = min(size, _LZMA_MEMORY)
    if version == 2:
        if len(properties) != 1 or properties[0] > 40:
            raise Damaged("LZMA2 properties")
        return {"id": lzma.FILTER_LZMA2, "dict_size": limit}
    if len(properties) != 5 or properties[0] >= 9 * 5 * 5:
        raise Damaged("LZMA properties")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    if lc + lp > 4:
        raise Damaged("LZMA properties")
    dict_size = min(int.from_bytes(properties[1:], "little"), limit)
    return {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": max(dict_size, 4_096)}
