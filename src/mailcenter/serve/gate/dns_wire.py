"""DNS messages (RFC 1035) as bytes: a question, and of its answer what the gate needs. No I/O."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec

from mailcenter.serve.gate.ports import MailHost

Kind = Literal["A", "AAAA", "PTR", "MX", "TXT"]

NO_ERROR: Final = 0
NO_DOMAIN: Final = 3
"""NXDOMAIN: there is nothing at this name nor below it (RFC 8020)."""
CERTAIN: Final = frozenset({NO_ERROR, NO_DOMAIN})
"""What tells something of a name; other codes are failures of the server."""
TYPES: Final[dict[Kind, int]] = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
_SOA: Final = 6
_HEADER: Final = struct.Struct(">6H")
_RECORD: Final = struct.Struct(">2HIH")
_NUMBER: Final = struct.Struct(">I")
_RESPONSE, _TRUNCATED, _CODE, _RECURSION = 0x8000, 0x0200, 0x000F, 0x0100
_EDNS: Final = b"\0" + _RECORD.pack(41, 1232, 0, 0)
"""An OPT record (RFC 6891): answers up to a size that no network takes apart."""
_POINTER: Final = 0xC0
_LONGEST_LABEL: Final = 63
_LONGEST_NAME: Final = 255
_PLAIN: Final = re.compile(rb"[!-\-/-\[\]-~]+\Z")
"""A label that means the same in text: nothing unprintable, neither dot nor backslash."""
_ODD: Final = re.compile(rb"[^!-\-/-\[\]-~]")


class MalformedError(Exception):
    """What came is no answer to the question."""


class Reply(msgspec.Struct, frozen=True):
    """`code`: RCODE; `records`: data of the kind that was asked for, texts but for MX; `lifetime`: seconds for which it
    is true, where there is nothing by the zone's SOA (RFC 2308 section 5), None where that is not told.
    """

    code: int
    truncated: bool
    records: tuple[Any, ...]
    lifetime: int | None


def asked(name: str, kind: Kind) -> bytes:
    """The question section. `name`: printable ASCII in labels of 63 characters at most."""
    labels = name.encode("ascii").split(b".")
    return b"".join([bytes((len(label),)) + label for label in labels]) + b"\0" + struct.pack(">2H", TYPES[kind], 1)


def message(identity: int, question: bytes) -> bytes:
    """A message with a question."""
    return _HEADER.pack(identity, _RECURSION, 1, 0, 0, 1) + question + _EDNS


def identity_of(data: bytes) -> int:
    """To which question a message belongs; -1 for none."""
    return data[0] << 8 | data[1] if len(data) >= _HEADER.size else -1


def read(data: bytes, question: bytes, kind: Kind) -> Reply:
    """The answer to a question in lower case.

    Raises:
        MalformedError: it is none.
    """
    try:
        _, flags, questions, answers, authorities, _ = _HEADER.unpack_from(data)
        at = _HEADER.size + len(question)
        if not flags & _RESPONSE or questions != 1 or data[_HEADER.size : at].lower() != question:
            raise MalformedError("the answer is to another question")
        if flags & _TRUNCATED:
            return Reply(flags & _CODE, True, (), None)
        records: list[Any] = []
        lifetime: int | None = None
        for number in range(answers + authorities):
            at = _after_name(data, at)
            type_, _, ttl, length = _RECORD.unpack_from(data, at)
            at += _RECORD.size
            end = at + length
            if end > len(data):
                raise MalformedError("a record is cut off")
            if number < answers:
                lifetime = ttl if lifetime is None else min(lifetime, ttl)
                if type_ == TYPES[kind]:
                    records.append(_READERS[kind](data, at, end))
            elif type_ == _SOA and not records:
                lifetime = min(ttl, _NUMBER.unpack_from(data, end - _NUMBER.size)[0])
            at = end
    except (IndexError, ValueError, OSError, struct.error) as error:
        raise MalformedError(f"the answer cannot be read: {error}") from None
    return Reply(flags & _CODE, False, tuple(records), lifetime)


def _after_name(data: bytes, at: int) -> int:
    while length := data[at]:
        if length >= _POINTER:
            return at + 2
        at += 1 + length
    return at + 1


def _name(data: bytes, at: int) -> str:
    """The name in lower case without the last dot. What a text cannot hold is escaped (RFC 1035 section 5.1)."""
    labels: list[str] = []
    size = 0
    while length := data[at]:
        if length >= _POINTER:
            target = (length & ~_POINTER) << 8 | data[at + 1]
            if target >= at:
                raise ValueError("a name leads forward")
            at = target
            continue
        size += 1 + length
        if length > _LONGEST_LABEL or size > _LONGEST_NAME:
            raise ValueError("a name is too long")
        at += 1 + length
        label = data[at - length : at]
        labels.append((label if _PLAIN.match(label) else _ODD.sub(_escaped, label)).decode("ascii").lower())
    return ".".join(labels)


def _escaped(found: re.Match[bytes]) -> bytes:
    byte = found[0]
    return b"\\" + byte if byte in (b".", b"\\") else b"\\%03d" % byte[0]


def _ipv4(data: bytes, at: int, end: int) -> str:
    return socket.inet_ntop(socket.AF_INET, data[at:end])


def _ipv6(data: bytes, at: int, end: int) -> str:
    return socket.inet_ntop(socket.AF_INET6, data[at:end])


def _pointed(data: bytes, at: int, end: int) -> str:
    return _name(data[:end], at)


def _mail_host(data: bytes, at: int, end: int) -> MailHost:
    return MailHost(data[at] << 8 | data[at + 1], _name(data[:end], at + 2))


def _text(data: bytes, at: int, end: int) -> str:
    strings: list[bytes] = []
    while at < end:
        following = at + 1 + data[at]
        if following > end:
            raise ValueError("a text is cut off")
        strings.append(data[at + 1 : following])
        at = following
    return b"".join(strings).decode("latin-1")


_READERS: Final[dict[Kind, Callable[[bytes, int, int], Any]]] = {
    "A": _ipv4,
    "AAAA": _ipv6,
    "PTR": _pointed,
    "MX": _mail_host,
    "TXT": _text,
}
