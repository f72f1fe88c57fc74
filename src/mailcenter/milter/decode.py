"""Payloads of the MTA's packets, each read into its event."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from mailcenter.milter.constants import Action, Step
from mailcenter.milter.errors import RemoteMilterError
from mailcenter.milter.events import (
    Abort,
    Body,
    Connect,
    Data,
    EndOfHeaders,
    EndOfMessage,
    Event,
    Header,
    Helo,
    Macros,
    Mail,
    Negotiate,
    Quit,
    QuitNewConnection,
    Rcpt,
    Unknown,
)

_NEGOTIATION: Final = struct.Struct(">III")
_PORT: Final = struct.Struct(">H")
_FAMILIES: Final = {b"4": "4", b"6": "6", b"L": "L", b"U": "U"}


def _strings(payload: bytes) -> list[bytes]:
    """The NUL-terminated strings of a payload."""
    if payload[-1:] != b"\0":
        raise RemoteMilterError("a string has no end")
    return payload[:-1].split(b"\0")


def _text(value: bytes) -> str:
    """Text that the MTA itself wrote; what is no UTF-8 in it shows as replacement characters."""
    return value.decode("utf-8", "replace")


def _one_string(payload: bytes) -> bytes:
    strings = _strings(payload)
    if len(strings) != 1:
        raise RemoteMilterError("more than one string where one belongs")
    return strings[0]


def _nothing(payload: bytes) -> None:
    if payload:
        raise RemoteMilterError("data where none belongs")


def _negotiate(payload: bytes) -> Negotiate:
    if len(payload) < _NEGOTIATION.size:
        raise RemoteMilterError("the offer is too short")
    version, actions, steps = _NEGOTIATION.unpack_from(payload)
    return Negotiate(version, Action(actions), Step(steps))


def _macros(payload: bytes) -> Macros:
    """One command letter, then strings in pairs: an even number of NULs, the last one at the end."""
    if not payload:
        raise RemoteMilterError("macros for no command")
    if len(payload) > 1 and payload[-1:] != b"\0":
        raise RemoteMilterError("a string has no end")
    if payload.count(b"\0") % 2:
        raise RemoteMilterError("a macro has no value")
    return Macros(payload[:1], payload[1:])


def _connect(payload: bytes) -> Connect:
    host_name, nul, rest = payload.partition(b"\0")
    family = _FAMILIES.get(rest[:1])
    if not nul or family is None:
        raise RemoteMilterError("the client's address family is not known")
    if family == "U":
        return Connect(_text(host_name), family, 0, "")
    if len(rest) < 1 + _PORT.size + 1 or rest[-1:] != b"\0":
        raise RemoteMilterError("the client's address is cut off")
    (port,) = _PORT.unpack_from(rest, 1)
    address = _text(rest[1 + _PORT.size : -1])
    return Connect(_text(host_name), family, port, address.removeprefix("IPv6:") if family == "6" else address)


def _helo(payload: bytes) -> Helo:
    return Helo(_one_string(payload))


def _mail(payload: bytes) -> Mail:
    path, *parameters = _strings(payload)
    return Mail(path, tuple(parameters))


def _rcpt(payload: bytes) -> Rcpt:
    path, *parameters = _strings(payload)
    return Rcpt(path, tuple(parameters))


def _header(payload: bytes) -> Header:
    strings = _strings(payload)
    if len(strings) != 2:
        raise RemoteMilterError("a header field is a name and a value")
    return Header(strings[0], strings[1])


def _data(payload: bytes) -> Data:
    _nothing(payload)
    return Data()


def _end_of_headers(payload: bytes) -> EndOfHeaders:
    _nothing(payload)
    return EndOfHeaders()


def _abort(payload: bytes) -> Abort:
    _nothing(payload)
    return Abort()


def _quit(payload: bytes) -> Quit:
    _nothing(payload)
    return Quit()


def _quit_new_connection(payload: bytes) -> QuitNewConnection:
    _nothing(payload)
    return QuitNewConnection()


def _unknown(payload: bytes) -> Unknown:
    return Unknown(_one_string(payload))


DECODERS: Final[dict[int, Callable[[bytes], Event]]] = {
    ord("A"): _abort,
    ord("B"): Body,
    ord("C"): _connect,
    ord("D"): _macros,
    ord("E"): EndOfMessage,
    ord("H"): _helo,
    ord("K"): _quit_new_connection,
    ord("L"): _header,
    ord("M"): _mail,
    ord("N"): _end_of_headers,
    ord("O"): _negotiate,
    ord("Q"): _quit,
    ord("R"): _rcpt,
    ord("T"): _data,
    ord("U"): _unknown,
}
"""The reader of each command letter's payload."""


def decode(command: int, payload: bytes) -> Event:
    """One packet as its event.

    Raises:
        RemoteMilterError: no such command, or its payload is not what the protocol says.
    """
    decoder = DECODERS.get(command)
    if decoder is None:
        raise RemoteMilterError(f"unknown command {command:#04x}")
    return decoder(payload)
