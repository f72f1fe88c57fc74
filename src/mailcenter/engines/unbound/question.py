"""Ask a name server one question, without the system's resolver in between (RFC 1035 section 4)."""

from __future__ import annotations

import secrets
import socket
import struct

NO_ERROR = 0
NAME_ERROR = 3

TYPE_A = 1
TYPE_NS = 2

_CLASS_IN = 1
_RECURSION_DESIRED = 0x0100
_HEADER = struct.Struct("!6H")


class QuestionError(Exception):
    """No usable answer came."""


def ask(address: str, port: int, name: str, kind: int, *, seconds: float = 2.5) -> tuple[int, int]:
    """Ask over UDP.

    Args:
        name: without the last dot; "" is the root.
        kind: type of record, as `TYPE_A`.

    Returns:
        the response code and the number of records in the answer section.

    Raises:
        QuestionError: no answer in time, or none to this question.
    """
    number = secrets.randbelow(2**16)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as connection:
            connection.settimeout(seconds)
            connection.connect((address, port))
            connection.send(_question(number, name, kind))
            answer = connection.recv(4096)
    except OSError as error:
        raise QuestionError(str(error)) from None
    if len(answer) < _HEADER.size:
        raise QuestionError("the answer is too short")
    answered, flags, _, records, _, _ = _HEADER.unpack_from(answer)
    if answered != number:
        raise QuestionError("the answer is to another question")
    return flags & 0xF, records


def _question(number: int, name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".") if label)
    return _HEADER.pack(number, _RECURSION_DESIRED, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, _CLASS_IN)
