"""Header fields as people see them: decoded, bounded, and never an exception."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.mail.header import LONGEST_TEXT, Header, addresses_in, decoded, first_text, plain_text, values_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b" plain", "plain"),
        (b" =?utf-8?q?h=C3=A4llo?= you", "hällo you"),
        (b" =?UTF-8?B?aMOkbGxv?=", "hällo"),
        (b" =?utf-8?B?aMOkbGxv?=\n =?utf-8?Q?_w=C3=B6rld?=", "hällo wörld"),
        (b" =?iso-8859-1*de?q?h=E4llo?=", "hällo"),
        (b" =?us-ascii?q?h=C3=A4?=", "hä"),
        (b" =?x-unknown?q?abc?=", "=?x-unknown?q?abc?="),
        (b" =?hex?q?616263?=", "=?hex?q?616263?="),
        (b" =?unicode_escape?q?=5Cu0041?=", "=?unicode_escape?q?=5Cu0041?="),
        (b" =?utf-8?b?!!!?=", ""),
        (b" =?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("größe".encode(), "größe"),
        (b"a\xffb", "a\ufffdb"),
        (b"one\n\ttwo", "one two"),
        (b"=?utf-8?q?a=0D=0AX-Evil:_1?=", "a X-Evil: 1"),
        (b"=?utf-8?q?a=00b?=", "a b"),
        (b"=?utf-16?q?=FE=FF=D8=00?=", "\ufffd"),
    ],
)
def test_decoded(value: bytes, text: str) -> None:
    assert decoded(value) == text


@given(st.binary(max_size=400))
def test_any_bytes_become_storable_text(value: bytes) -> None:
    text = decoded(value)
    text.encode("utf-8")
    assert "\0" not in text
    assert "\n" not in text


@given(st.text(alphabet='=?utf8qQbB-_:;<>@"\\(), \n\x00é', max_size=200))
def test_odd_words_become_storable_text(value: str) -> None:
    assert decoded(value.encode()).isprintable() or "\ufffd" in decoded(value.encode())
    addresses_in(value.encode())


def test_bounded() -> None:
    assert len(decoded(b"x" * 100_000)) == LONGEST_TEXT
    assert len(decoded(b"=?utf-8?b?" + b"QUFB" * 400 + b"?=" * 50)) <= LONGEST_TEXT
    assert addresses_in(b"(" * 100_000) == []


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (b" a@b.test", ["a@b.test"]),
        (b" Al <a@b.test>", ["a@b.test"]),
        (b' "x@evil.test" <a@b.test>', ["a@b.test"]),
        (b' "<x@evil.test>" <a@b.test>', ["a@b.test"]),
        (b' "Doe, \\"Al\\" J." <a@b.test>, c@d.test', ["a@b.test", "c@d.test"]),
        (b" (x@evil.test) a@b.test (c (d@e) \\) f)", ["a@b.test"]),
        (b" Al (a, b) <a@b.test>", ["a@b.test"]),
        (b" Team: a@b.test, Bo <c@d.test>;", ["a@b.test", "c@d.test"]),
        (b" undisclosed-recipients:;", []),
        (b" <@relay.test:a@b.test>", ["a@b.test"]),
        (b' "a b"@c.test', ['"a b"@c.test']),
        (b" a @ b.test", ["a@b.test"]),
        (b" Al\n <a@b.test>", ["a@b.test"]),
        (b" Al", []),
        (b"", []),
        (b' "never closed <a@b.test>', ["a@b.test"]),
        (" Jörg <jö@b.test>".encode(), ["jö@b.test"]),
    ],
)
def test_addresses(value: bytes, addresses: list[str]) -> None:
    assert addresses_in(value) == addresses


def test_fields_by_name() -> None:
    fields = [(b"From", b" 1"), (b"SUBJECT ", b" 2"), (b"subject", b" 3")]
    header = Header(fields)
    assert list(header) == fields
    assert len(header) == 3
    assert list(header.names()) == [b"from", b"subject"]
    assert values_of(header, b"subject") == [b" 2", b" 3"]
    assert list(values_of(header, b"received")) == []
    assert first_text(header, b"subject") == "2"
    assert first_text(header, b"message-id") == ""


def test_plain_text() -> None:
    assert plain_text(" a\r\nb\u2028c\ud800d ") == "a b c d"


@given(st.text())
def test_plain_text_holds_no_control_characters(text: str) -> None:
    plain = plain_text(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in plain)
    assert plain == plain_text(plain)
