"""List the names in RAR archives, versions 4 and 5. What is packed in them is not unpacked (decision record 6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial
from typing import Final

from mailcenter.attachments.budget import Budget
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.header import decoded
from mailcenter.attachments.unpack import Damaged, stored

SIGNATURE_4: Final = b"Rar!\x1a\x07\x00"
SIGNATURE_5: Final = b"Rar!\x1a\x07\x01\x00"

_LONGEST_NAME: Final = 8_192
_BLOCK_4: Final = struct.Struct("<HBHH")
_FILE_4: Final = struct.Struct("<LLBLLBBHL")


def rar_entries(data: bytes, budget: Budget) -> Iterator[Entry]:
    """The files in their order; one nameless, encrypted entry where even the names are encrypted.

    Raises:
        Damaged: a header leads nowhere.
    """
    if data.startswith(SIGNATURE_5):
        yield from _entries_5(data, budget)
    elif data.startswith(SIGNATURE_4):
        yield from _entries_4(data, budget)
    else:
        raise Damaged("RAR of an unknown version")


def _entries_4(data: bytes, budget: Budget) -> Iterator[Entry]:
    position = len(SIGNATURE_4)
    while position + _BLOCK_4.size <= len(data):
        budget.check_time()
        _, kind, flags, header_size = _BLOCK_4.unpack_from(data, position)
        if header_size < _BLOCK_4.size:
            raise Damaged("RAR header")
        if kind == 0x73 and flags & 0x80:  # main header: the headers that follow are encrypted
            yield Entry("", is_encrypted=True)
            return
        if kind == 0x7B:  # end of the archive
            return
        content = position + header_size
        packed = 0
        if kind in {0x74, 0x7A}:  # a file, or a service block such as a comment
            fields = position + _BLOCK_4.size
            if fields + _FILE_4.size > len(data):
                return
            packed, size, _, _, _, _, method, name_size, _ = _FILE_4.unpack_from(data, fields)
            name_start = fields + _FILE_4.size
            if flags & 0x100:  # sizes of 64 bits
                if name_start + 8 > len(data):
                    return
                high_packed, high_size = struct.unpack_from("<LL", data, name_start)
                packed, size, name_start = packed + (high_packed << 32), size + (high_size << 32), name_start + 8
            is_directory = flags & 0xE0 == 0xE0
            if kind == 0x74 and not is_directory and name_size <= _LONGEST_NAME:
                octets = data[name_start : name_start + name_size]
                body = memoryview(data)[content : content + packed]
                yield Entry(
                    _name_4(octets, bool(flags & 0x200)),
                    claimed_size=size,
                    is_encrypted=bool(flags & 0x4),
                    open=partial(stored, body, budget) if method == 0x30 and not flags & 0x4 else None,
                )
        elif flags & 0x8000:  # another block with data behind it
            packed = int.from_bytes(data[position + 7 : position + 11], "little")
        position = content + packed


def _name_4(octets: bytes, is_unicode: bool) -> str:
    """The name; with a NUL inside, its packed Unicode form is behind it (RAR 2.9, as UnRAR's `EncodeFileName`)."""
    plain, nul, packed = octets.partition(b"\0")
    if not is_unicode or not nul or not packed:
        return decoded(plain)
    high, flags, flag_bits, position = packed[0], 0, 0, 1
    characters: list[int] = []
    while position < len(packed):
        if not flag_bits:
            flags, flag_bits, position = packed[position], 8, position + 1
            continue
        flag_bits -= 2
        kind = flags >> flag_bits & 3
        octet = packed[position]
        following = packed[position + 1] if position + 1 < len(packed) else 0
        if kind == 0:
            characters.append(octet)
        elif kind == 1:
            characters.append(octet + (high << 8))
        elif kind == 2:
            characters.append(octet + (following << 8))
            position += 1
        else:
            count, correction = (octet & 0x7F) + 2, following if octet & 0x80 else 0
            position += 1 if octet & 0x80 else 0
            at = len(characters)
            source = plain[at : at + count]
            page = high << 8 if octet & 0x80 else 0
            characters.extend(((value + correction) & 0xFF) + page for value in source)
        position += 1
    return "".join(map(chr, characters))


def _entries_5(data: bytes, budget: Budget) -> Iterator[Entry]:
    position = len(SIGNATURE_5)
    while position + 7 <= len(data):
        budget.check_time()
        header_size, start = _number(data, position + 4)
        content = start + header_size
        if header_size == 0 or content > len(data):
            raise Damaged("RAR header")
        kind, at = _number(data, start)
        flags, at = _number(data, at)
        if flags & 1:
            _, at = _number(data, at)
        packed = 0
        if flags & 2:
            packed, at = _number(data, at)
        if kind == 4:
            yield Entry("", is_encrypted=True)
            return
        if kind == 5:
            return
        if kind == 2:
            entry = _file_5(data, at, content, packed, budget)
            if entry is not None:
                yield entry
        position = content + packed


def _file_5(data: bytes, at: int, content: int, packed: int, budget: Budget) -> Entry | None:
    """The file header: flags, size, attributes, [time], [checksum], method, system, name; None for a directory."""
    flags, at = _number(data, at)
    size, at = _number(data, at)
    _, at = _number(data, at)
    at += 4 * bool(flags & 2) + 4 * bool(flags & 4)
    method, at = _number(data, at)
    _, at = _number(data, at)
    name_size, at = _number(data, at)
    if flags & 1 or name_size > _LONGEST_NAME or at + name_size > content:
        return None
    is_encrypted = _is_encrypted_5(data, at + name_size, content)
    is_stored = method >> 7 & 7 == 0 and not is_encrypted
    body = memoryview(data)[content : content + packed]
    return Entry(
        decoded(data[at : at + name_size]),
        claimed_size=0 if flags & 8 else size,
        is_encrypted=is_encrypted,
        open=partial(stored, body, budget) if is_stored else None,
    )


def _is_encrypted_5(data: bytes, at: int, end: int) -> bool:
    """Whether the records behind a file's name hold one of encryption (type 1)."""
    while at < end:
        size, at = _number(data, at)
        kind, _ = _number(data, at)
        if kind == 1:
            return True
        at += max(size, 1)
    return False


def _number(data: bytes, position: int) -> tuple[int, int]:
    """A number of seven bits an octet, the lowest first, and the place behind it."""
    value = 0
    for index in range(10):
        if position + index >= len(data):
            raise Damaged("RAR header")
        octet = data[position + index]
        value |= (octet & 0x7F) << 7 * index
        if not octet & 0x80:
            return value, position + index + 1
    raise Damaged("RAR header")
