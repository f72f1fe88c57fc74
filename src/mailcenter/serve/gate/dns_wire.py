"""DNS messages (RFC 1035 section 4) for names that c-ares does not ask about, of any printable characters."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Literal

Kind = Literal["txt", "a", "aaaa", "mx", "ptr"]

HOST_NAME: Final = re.compile(r"[A-Za-z0-9._/*-]+\Z")
"""What c-ares asks about by itself."""
NO_ERROR: Final = 0
NO_SUCH_NAME: Final = 3

_TYPES: Final[dict[Kind, int]] = {"a": 1, "ptr": 12, "mx": 15, "txt": 16, "aaaa": 28}
_HEADER: Final = struct.Struct(">HHHHHH")
_RECORD: Final = struct.Struct(">HHIH")
_IN: Final = 1
_RECURSION_DESIRED: Final = 0x0100
_TRUNCATED: Final = 0x0200
_CODE: Final = 0x000F
_POINTER: Final = 0xC0
_MOST_JUMPS: Final = 50


class WireError(ValueError):
    """No answer to the question; `str()` says why."""


def question(name: str, kind: Kind, number: int) -> bytes:
    """A message that asks for records; `name`: ASCII labels of 1 to 63 characters, `number`: the id of the message."""
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split("."))
    return _HEADER.pack(number, _RECURSION_DESIRED, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", _TYPES[kind], _IN)


def read_answer(answer: bytes, asked: bytes, kind: Kind) -> tuple[str, ...]:
    """The records in an answer to the message `asked`, in the form of `spf.dns.Answer`; none for NXDOMAIN.

    Raises:
        WireError: a failure of the server, a truncated answer, or one that cannot be read.
    """
    try:
        number, flags, questions, records, _, _ = _HEADER.unpack_from(answer)
        if number != _HEADER.unpack_from(asked)[0] or questions != 1:
            raise WireError("the answer is to another question")
        if flags & _CODE not in (NO_ERROR, NO_SUCH_NAME) or flags & _TRUNCATED:
            raise WireError(f"the server says {flags:#06x}")
        found = tuple(_records(answer, len(asked), records, kind))
    except (struct.error, IndexError, ValueError) as error:
        raise WireError(str(error)) from None
    if kind == "mx":
        return tuple(name for _, name in sorted((int(text[:5]), text[5:]) for text in found))
    return found


def _records(answer: bytes, position: int, number: int, kind: Kind) -> Iterator[str]:
    for _ in range(number):
        _, position = _name(answer, position)
        record_type, _, _, length = _RECORD.unpack_from(answer, position)
        position += _RECORD.size
        if position + length > len(answer):
            raise WireError("a record is longer than the answer")
        if record_type == _TYPES[kind]:
            yield _text(answer, position, length, kind)
        position += length


def _text(answer: bytes, position: int, length: int, kind: Kind) -> str:
    data = answer[position : position + length]
    match kind:
        case "a":
            return str(IPv4Address(data))
        case "aaaa":
            return str(IPv6Address(data))
        case "ptr":
            return _name(answer, position)[0]
        case "mx":
            preference = struct.unpack_from(">H", data)[0]
            return f"{preference:05}{_name(answer, position + 2)[0]}"
        case "txt":
            return _strings(data)


def _strings(data: bytes) -> str:
    found, position = b"", 0
    while position < len(data):
        end = position + 1 + data[position]
        found += data[position + 1 : end]
        position = end
    return found.decode("latin-1")


def _name(answer: bytes, position: int) -> tuple[str, int]:
    """A name, and where what follows it begins; compressed ones lead backwards (section 4.1.4)."""
    labels: list[str] = []
    after = 0
    for _ in range(_MOST_JUMPS + 128):
        length = answer[position]
        if length >= _POINTER:
            after = after or position + 2
            position = (length - _POINTER) << 8 | answer[position + 1]
        elif length:
            labels.append(answer[position + 1 : position + 1 + length].decode("latin-1").lower())
            position += 1 + length
        else:
            return ".".join(labels), after or position + 1
    raise WireError("a name without end")
