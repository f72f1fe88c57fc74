"""Read ZIP archives (APPNOTE 6.3) by all headers that are in them, not by the table that one program would follow.

Programs differ: some read the central directory at the end, some the local headers from the beginning, and an archive
can say different things to each. Here every header's name is reported; contents come from the local headers. No offset
is trusted, so nothing can be made to loop.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

from mailcenter.attachments.budget import Budget
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.header import decoded
from mailcenter.attachments.unpack import Damaged, bunzip2, inflate, stored, unlzma

_HEADER: Final = re.compile(rb"PK(?:\x03\x04|\x01\x02)")
_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_ENCRYPTED: Final = 0x2041  # flags: encrypted, strongly encrypted, central directory encrypted
_UNKNOWN_SIZE: Final = 0xFFFFFFFF
_AES: Final = 99
_METHODS: Final = {0: "stored", 8: "deflate", 12: "bzip2", 14: "lzma"}
_LONGEST_NAME: Final = 4_096


def zip_entries(data: bytes, budget: Budget) -> Iterator[Entry]:
    """Each file once per name that it has."""
    seen: set[str] = set()
    position = 0
    while (match := _HEADER.search(data, position)) is not None:
        start = match.start()
        is_local = data[start + 2] == 3
        entry, end, nested_end = (_local if is_local else _central)(data, start, budget)
        position = max(end, nested_end)
        if entry is None or entry.name.endswith(("/", "\\")):
            continue
        if is_local or entry.name not in seen:
            seen.add(entry.name)
            yield entry


def _local(data: bytes, start: int, budget: Budget) -> tuple[Entry | None, int, int]:
    """The entry of a local header, where its data begins, and where the search goes on behind a ZIP stored inside."""
    if start + _LOCAL.size > len(data):
        return None, start + 4, 0
    _, _, flags, method, _, _, _, packed, size, name_length, extra_length = _LOCAL.unpack_from(data, start)
    name_start = start + _LOCAL.size
    body = name_start + name_length + extra_length
    if name_length > _LONGEST_NAME or body > len(data):
        return None, start + 4, 0
    end = body + packed if 0 < packed < _UNKNOWN_SIZE and body + packed <= len(data) else len(data)
    entry = Entry(
        decoded(data[name_start : name_start + name_length]),
        claimed_size=0 if size == _UNKNOWN_SIZE else size,
        is_encrypted=bool(flags & _ENCRYPTED) or method == _AES,
        open=lambda: _unpacked(memoryview(data)[body:end], method, size, budget),
        unreadable="" if method in _METHODS or method == _AES else f"compression method {method}",
    )
    is_nested = method == 0 and data.startswith(b"PK\x03\x04", body)
    return entry, body, end if is_nested and end < len(data) else 0


def _central(data: bytes, start: int, budget: Budget) -> tuple[Entry | None, int, int]:
    if start + _CENTRAL.size > len(data):
        return None, start + 4, 0
    fields = _CENTRAL.unpack_from(data, start)
    flags, method, size, name_length = fields[3], fields[4], fields[9], fields[10]
    name_start = start + _CENTRAL.size
    if name_length > _LONGEST_NAME or name_start + name_length > len(data):
        return None, start + 4, 0
    entry = Entry(
        decoded(data[name_start : name_start + name_length]),
        claimed_size=0 if size == _UNKNOWN_SIZE else size,
        is_encrypted=bool(flags & _ENCRYPTED) or method == _AES,
    )
    return entry, name_start + name_length, 0


def _unpacked(data: memoryview, method: int, size: int, budget: Budget) -> Iterator[bytes]:
    if method == 8:
        return inflate(data, budget)
    if method == 12:
        return bunzip2(data, budget)
    if method == 14:
        # APPNOTE 5.8.8: two octets version, two of the length of the properties, then the stream
        length = int.from_bytes(data[2:4], "little")
        return unlzma(data[4 + length :], bytes(data[4 : 4 + length]), size, budget)
    if method == 0:
        return stored(data, budget)
    raise Damaged(f"compression method {method}")
