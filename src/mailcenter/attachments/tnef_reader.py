"""Read TNEF, the `winmail.dat` of Outlook ([MS-OXTNEF]): the attachments packed in it, with both of their names."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from mailcenter.attachments.budget import Budget
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.header import decoded
from mailcenter.attachments.unpack import Damaged, Octets, stored

SIGNATURE: Final = b"\x78\x9f\x3e\x22"

_TITLE, _DATA, _RENDERING, _PROPERTIES = 0x00018010, 0x0006800F, 0x00069002, 0x00069005
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _OBJECT = 0x3707, 0x3704, 0x3001, 0x3701
_MOST_PROPERTIES: Final = 1_000
_FIXED_SIZES: Final = {
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
_STRING, _UNICODE, _OBJECT_TYPE, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_INTERFACE: Final = 16  # octets of the class before an embedded object


@dataclass(slots=True)
class _Attachment:
    names: list[str] = field(default_factory=list)
    data: Octets = b""


def tnef_entries(data: bytes, budget: Budget) -> Iterator[Entry]:
    """The attachments, each once per name; the one with content is the longest-named.

    Raises:
        Damaged: an attribute leads nowhere.
    """
    current: _Attachment | None = None
    for kind, value in _attributes(data, budget):
        if kind == _RENDERING:  # begins an attachment
            if current is not None:
                yield from _entries(current, budget)
            current = _Attachment()
        elif current is None:
            continue
        elif kind == _TITLE:
            current.names.append(decoded(bytes(value).partition(b"\0")[0]))
        elif kind == _DATA:
            current.data = value
        elif kind == _PROPERTIES:
            _read_properties(bytes(value), current)
    if current is not None:
        yield from _entries(current, budget)


def _entries(attachment: _Attachment, budget: Budget) -> Iterator[Entry]:
    names = sorted(dict.fromkeys(attachment.names), key=len, reverse=True) or [""]
    for index, name in enumerate(names):
        opened = partial(stored, attachment.data, budget) if index == 0 else None
        yield Entry(name, claimed_size=len(attachment.data), open=opened)


def _attributes(data: bytes, budget: Budget) -> Iterator[tuple[int, memoryview]]:
    """Level, tag, length, value, checksum; the levels are not needed."""
    position = 6
    view = memoryview(data)
    while position + 11 <= len(data):
        budget.check_time()
        kind, length = struct.unpack_from("<LL", data, position + 1)
        start = position + 9
        if start + length > len(data):
            yield kind, view[start:]
            raise Damaged("TNEF attribute")
        yield kind, view[start : start + length]
        position = start + length + 2


def _read_properties(data: bytes, attachment: _Attachment) -> None:
    """MAPI properties of an attachment: its long name, and an embedded message or object."""
    try:
        for tag, values in _properties(data):
            if tag in {_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME}:
                attachment.names.extend(text for value in values if (text := _text(value)))
            elif tag == _OBJECT and values and not attachment.data:
                attachment.data = values[0][1][_INTERFACE:]
    except (struct.error, IndexError):
        return  # what could be read has been read


def _text(value: tuple[int, bytes]) -> str:
    kind, octets = value
    text = octets.decode("utf-16-le", "replace") if kind == _UNICODE else decoded(octets)
    return text.partition("\0")[0] if kind == _STRING else text.rstrip("\0")


def _properties(data: bytes) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    position = 4
    for _ in range(min(struct.unpack_from("<L", data)[0], _MOST_PROPERTIES)):
        kind, tag = struct.unpack_from("<HH", data, position)
        position += 4
        if tag >= 0x8000:  # a named property: its set, and its number or name
            is_named, number = struct.unpack_from("<LL", data, position + 16)
            position += 24 + (number + -number % 4 if is_named else 0)
        count, base = 1, kind & ~0x1000
        is_variable = base in {_STRING, _UNICODE, _OBJECT_TYPE, _BINARY}
        if kind & 0x1000 or is_variable:
            count = struct.unpack_from("<L", data, position)[0]
            position += 4
        values: list[tuple[int, bytes]] = []
        for _ in range(min(count, _MOST_PROPERTIES)):
            length = _FIXED_SIZES.get(base)
            if is_variable:
                length = struct.unpack_from("<L", data, position)[0]
                position += 4
            if length is None or position + length > len(data):
                raise IndexError
            values.append((base, data[position : position + length]))
            position += length + -length % 4
        yield tag, values
