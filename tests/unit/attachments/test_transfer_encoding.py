"""Transfer encodings, also bent ones: what a mail program would show must be seen here."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.attachments.transfer_encoding import decode_body, decode_uu, uuencoded_files


def decode(body: bytes, encoding: str) -> bytes:
    return b"".join(decode_body(body, encoding))


@given(st.binary(max_size=20_000))
def test_base64(data: bytes) -> None:
    assert decode(base64.encodebytes(data), "base64") == data


@given(st.binary(max_size=20_000))
def test_quoted_printable(data: bytes) -> None:
    assert decode(quopri.encodestring(data), "quoted-printable") == data


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b"aGVs bG8=", b"hello"),
        (b"aG!Vs-bG8=", b"hello"),
        (b"aGVsbG8", b"hello"),
        (b"aGVsbG8=\r\n--\r\nrest", b"hello"),
        (b"aGVsb", b"hel"),
        (b"", b""),
        (b"====", b""),
    ],
)
def test_bent_base64(body: bytes, data: bytes) -> None:
    assert decode(body, "base64") == data


def test_other_encodings_leave_the_body_as_it_is() -> None:
    assert decode(b"a=3D", "8bit") == decode(b"a=3D", "x-unknown") == b"a=3D"


def test_uuencoded_bodies_and_files_within_texts() -> None:
    data = bytes(range(256)) * 2
    lines = b"".join(binascii.b2a_uu(data[start : start + 45]) for start in range(0, len(data), 45))
    text = b"hello\r\n\r\nbegin 644 my setup.exe\r\n" + lines.replace(b"\n", b"\r\n") + b"`\r\nend\r\nbegin here\r\n"
    ((name, start),) = uuencoded_files(text)
    assert name == b"my setup.exe"
    assert b"".join(decode_uu(text, start)) == data
    assert decode(text, "x-uuencode") == data


@given(st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "7bit"]))
def test_nothing_makes_the_reader_fail(body: bytes, encoding: str) -> None:
    decode(body, encoding)
    decode(b"begin 644 a\n" + body, encoding)
