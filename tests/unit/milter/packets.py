"""Packets as an MTA sends them, written down by hand from libmilter's mfdef.h and not by our own encoder."""

from __future__ import annotations

import struct


def packet(letter: bytes, payload: bytes = b"") -> bytes:
    return struct.pack(">I", 1 + len(payload)) + letter + payload


NEGOTIATE = packet(b"O", struct.pack(">III", 6, 0x1FF, 0x1FFFFF))
MACROS = packet(b"D", b"C{daemon_name}\0mx\0j\0mx.example\0")
CONNECT = packet(b"C", b"client.example\x004\x30\x39192.0.2.1\0")
HELO = packet(b"H", b"client.example\0")
MAIL = packet(b"M", b"<a@client.example>\0SIZE=100\0")
RCPT = packet(b"R", b"<b@demo.example>\0")
DATA = packet(b"T")
HEADER = packet(b"L", b"Subject\0 one\n two\0")
END_OF_HEADERS = packet(b"N")
BODY = packet(b"B", b"line\r\n")
END_OF_MESSAGE = packet(b"E")
ABORT = packet(b"A")
QUIT = packet(b"Q")
QUIT_NEW_CONNECTION = packet(b"K")
UNKNOWN = packet(b"U", b"FOO bar\0")

DIALOGUE = [
    NEGOTIATE,
    MACROS,
    CONNECT,
    HELO,
    MAIL,
    RCPT,
    DATA,
    HEADER,
    END_OF_HEADERS,
    BODY,
    BODY,
    END_OF_MESSAGE,
    ABORT,
    QUIT,
]
