"""Addresses: what is read, what is refused, and which of them are the same one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.mail.address import Address, AddressError, lookup_local_part, parse_address, parse_path


@pytest.mark.parametrize(
    ("path", "local_part", "domain"),
    [
        ("<a@b.test>", "a", "b.test"),
        ("a@b.test", "a", "b.test"),
        ("<A.B+c@B.TEST>", "A.B+c", "b.test"),
        ('<"a b"@b.test>', "a b", "b.test"),
        ('<"a\\"\\\\@b"@b.test>', 'a"\\@b', "b.test"),
        ('<""@b.test>', "", "b.test"),
        ('<"plain"@b.test>', "plain", "b.test"),
        ("<@relay.test,@x.test:a@b.test>", "a", "b.test"),
        ("<a@[192.0.2.1]>", "a", "[192.0.2.1]"),
        ("<a@[IPv6:2001:DB8::1]>", "a", "[ipv6:2001:db8::1]"),
        ("<a@bücher.test>", "a", "xn--bcher-kva.test"),
        ("<a@xn--bcher-kva.test>", "a", "xn--bcher-kva.test"),
        ("<jo\u0308rg@b.test>", "jörg", "b.test"),
        ("<a@_odd_.test>", "a", "_odd_.test"),
        ("<a@localhost>", "a", "localhost"),
    ],
)
def test_reads(path: str, local_part: str, domain: str) -> None:
    assert parse_path(path) == Address(local_part, domain)


def test_null_path() -> None:
    assert parse_path("<>") is None
    assert parse_path("") is None


@pytest.mark.parametrize(
    "path",
    [
        "<a@b.test",
        "<postmaster>",
        "<@b.test>",
        "<a@>",
        "<a..b@c.test>",
        "<.a@c.test>",
        "<a b@c.test>",
        "<a@b..test>",
        "<a@b.test.>",
        "<a@[192.0.2.300]>",
        "<a@[192.0.2.1>",
        "<a@b@c.test>",
        '<"a@c.test>',
        "<a\r\n@c.test>",
        '<"a\x00"@c.test>',
        "<a\x85@c.test>",
        "<a\udcff@c.test>",
        f"<{'a' * 65}@c.test>",
        f"<a@{'b' * 64}.test>",
        f"<a@{'b.' * 130}test>",
        f"<{'ä' * 33}@c.test>",
        "<a@b/c.test>",
        "<a@\u2488com.test>",
    ],
)
def test_refuses(path: str) -> None:
    with pytest.raises(AddressError):
        parse_path(path)


def test_key_is_the_same_for_all_spellings() -> None:
    spellings = ["Jörg@BÜCHER.test", "jo\u0308rg@xn--bcher-kva.test", '"JÖRG"@bücher.TEST']
    assert {parse_address(spelling).key for spelling in spellings} == {"jörg@xn--bcher-kva.test"}


def test_shown_to_people_with_unicode() -> None:
    address = parse_address("a@xn--bcher-kva.test")
    assert address.unicode == "a@bücher.test"
    assert str(address) == "a@xn--bcher-kva.test"
    assert not address.is_international
    assert parse_address("ä@b.test").is_international


def test_detail() -> None:
    assert parse_address("a+b+c@d.test").detail == "b+c"
    assert parse_address("a+b+c@d.test").without_detail == Address("a", "d.test")
    assert parse_address("+b@d.test").detail == ""
    assert parse_address("+b@d.test").without_detail == Address("+b", "d.test")
    assert parse_address("a@d.test").without_detail == Address("a", "d.test")


@given(st.text(max_size=300))
def test_never_fails_otherwise(text: str) -> None:
    address = None
    with contextlib.suppress(AddressError):
        address = parse_path(text)
    if address is not None:
        assert parse_address(str(address)) == address
        assert parse_address(address.key).key == address.key


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=31))
def test_quoting_is_undone_by_reading(local_part: str) -> None:
    address = Address(local_part, "b.test")
    assert parse_address(str(address)) == address


@given(st.text(max_size=20))
def test_lookup_form_is_stable(local_part: str) -> None:
    assert lookup_local_part(lookup_local_part(local_part)) == lookup_local_part(local_part)
