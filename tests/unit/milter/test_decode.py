"""Each command's payload: what is read from it, and what is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.milter.constants import Action, Step
from mailcenter.milter.decode import DECODERS, decode
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

GOOD: list[tuple[bytes, bytes, Event]] = [
    (b"O", struct.pack(">III", 6, 1, 2), Negotiate(6, Action.ADD_HEADERS, Step.NO_HELO)),
    (b"D", b"M", Macros(b"M", b"")),
    (b"D", b"Mi\0007A\0", Macros(b"M", b"i\0007A\0")),
    (b"C", b"h\x004\x00\x19192.0.2.1\0", Connect("h", "4", 25, "192.0.2.1")),
    (b"C", b"h\x006\x00\x19IPv6:2001:db8::1\0", Connect("h", "6", 25, "2001:db8::1")),
    (b"C", b"h\x006\x00\x192001:db8::1\0", Connect("h", "6", 25, "2001:db8::1")),
    (b"C", b"h\0L\x00\x00/run/x\0", Connect("h", "L", 0, "/run/x")),
    (b"C", b"unknown\0U", Connect("unknown", "U", 0, "")),
    (b"H", b"h\xff\0", Helo(b"h\xff")),
    (b"M", b"<>\0", Mail(b"<>", ())),
    (b"M", b"<a@b>\0SIZE=1\0BODY=8BITMIME\0", Mail(b"<a@b>", (b"SIZE=1", b"BODY=8BITMIME"))),
    (b"R", b"<a@b>\0NOTIFY=NEVER\0", Rcpt(b"<a@b>", (b"NOTIFY=NEVER",))),
    (b"T", b"", Data()),
    (b"L", b"X\0\0", Header(b"X", b"")),
    (b"L", b"X\0 a\n b\0", Header(b"X", b" a\n b")),
    (b"N", b"", EndOfHeaders()),
    (b"B", b"a\0b", Body(b"a\0b")),
    (b"E", b"", EndOfMessage(b"")),
    (b"E", b"rest", EndOfMessage(b"rest")),
    (b"A", b"", Abort()),
    (b"Q", b"", Quit()),
    (b"K", b"", QuitNewConnection()),
    (b"U", b"FOO\0", Unknown(b"FOO")),
]

BAD = [
    (b"O", b"\0\0\0\6\0\0\0\1\0\0\0"),
    (b"D", b""),
    (b"D", b"Mi\0"),
    (b"D", b"Mi\0007A"),
    (b"C", b"h"),
    (b"C", b"h\0"),
    (b"C", b"h\0X\0\0a\0"),
    (b"C", b"h\x004\0"),
    (b"C", b"h\x004\0\x19192.0.2.1"),
    (b"H", b""),
    (b"H", b"a\0b\0"),
    (b"M", b""),
    (b"M", b"<a@b>"),
    (b"R", b""),
    (b"L", b"X\0"),
    (b"L", b"X\0a\0b\0"),
    (b"L", b"X\0a"),
    (b"U", b"FOO"),
    *((letter, b"x") for letter in (b"T", b"N", b"A", b"Q", b"K")),
    *((bytes([code]), b"") for code in range(256) if code not in DECODERS),
]


@pytest.mark.parametrize(("letter", "payload", "event"), GOOD)
def test_reads(letter: bytes, payload: bytes, event: Event) -> None:
    assert decode(letter[0], payload) == event


def test_every_command_is_read_above() -> None:
    assert {letter[0] for letter, _, _ in GOOD} == set(DECODERS)


@pytest.mark.parametrize(("letter", "payload"), BAD)
def test_refuses(letter: bytes, payload: bytes) -> None:
    with pytest.raises(RemoteMilterError):
        decode(letter[0], payload)


@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=200))
def test_any_bytes_are_an_event_or_refused(letter: int, payload: bytes) -> None:
    try:
        event = decode(letter, payload)
    except RemoteMilterError:
        return
    assert isinstance(event, tuple)


@pytest.mark.parametrize(
    ("payload", "values"),
    [
        (b"M", {}),
        (b"Mi\0007A\0{mail_addr}\0a@b\0", {"i": "7A", "mail_addr": "a@b"}),
        (b"Mi\0\0", {"i": ""}),
        (b"M{x}\0\xff\0", {"x": "\ufffd"}),
    ],
)
def test_macro_values(payload: bytes, values: dict[str, str]) -> None:
    macros = decode(ord("D"), payload)
    assert isinstance(macros, Macros)
    assert macros.values() == values


@given(st.binary(max_size=60))
def test_macros_that_were_taken_can_be_read(payload: bytes) -> None:
    try:
        macros = decode(ord("D"), payload)
    except RemoteMilterError:
        return
    assert isinstance(macros, Macros)
    macros.values()
