"""Take the transfer encoding off a MIME body (RFC 2045 section 6), forgiving as mail programs are, in pieces."""

from __future__ import annotations

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_qp, a2b_uu
from collections.abc import Iterator
from typing import Final

_FIRST: Final = 8_192  # encoded octets of the first piece: enough to know the type
_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_UU_BEGIN: Final = re.compile(rb"(?:\A|[\r\n])begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
_UU_ENCODINGS: Final = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode_body(body: bytes, encoding: str) -> Iterator[bytes]:
    """The octets of a body; by an encoding that nobody knows, the body as it is."""
    if encoding == "base64":
        yield from _base64(body)
    elif encoding == "quoted-printable":
        # cut where no encoded octet is torn: behind a line
        cut = body.find(b"\n", _FIRST) + 1 or len(body)
        yield a2b_qp(body[:cut])
        yield a2b_qp(body[cut:])
    elif encoding in _UU_ENCODINGS and (begin := _UU_BEGIN.search(body)) is not None:
        yield from decode_uu(body, begin.end())
    else:
        yield body


def uuencoded_files(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Files uuencoded in the midst of a text, as old programs send and new ones show them: name and beginning."""
    if b"begin " in text:
        for match in _UU_BEGIN.finditer(text):
            yield match[1].strip(), match.end()


def decode_uu(text: bytes, start: int) -> Iterator[bytes]:
    """The octets of a uuencoded file whose first line begins at `start`, up to the line that is none of it."""
    while start < len(text):
        end = text.find(b"\n", start, start + 256)
        end = len(text) if end < 0 else end
        line = text[start : min(end, start + 256)].rstrip(b"\r")
        try:
            piece = a2b_uu(line)
        except BinasciiError:
            return
        if not piece:
            return
        yield piece
        start = end + 1


def _base64(body: bytes) -> Iterator[bytes]:
    clean = body[:_FIRST].translate(None, _NOT_BASE64)
    whole = len(clean) - len(clean) % 4 if len(body) > _FIRST else len(clean)
    yield _four_to_three(clean[:whole])
    if len(body) > _FIRST and b"=" not in clean[:whole]:
        yield _four_to_three(clean[whole:] + body[_FIRST:].translate(None, _NOT_BASE64))


def _four_to_three(clean: bytes) -> bytes:
    """Decode up to the first padding. What is left over at the end without padding is decoded as far as it goes."""
    clean = clean.partition(b"=")[0]
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return a2b_base64(clean + b"=" * (-len(clean) % 4))
