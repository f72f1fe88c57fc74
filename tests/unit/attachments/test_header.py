"""File names in MIME headers: RFC 2231, RFC 2047, and the forms in which programs get them wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.attachments.header import PartHeader, read_header


def read(*lines: str) -> PartHeader:
    return read_header(("\n" + "\r\n".join(lines) + "\r\n").encode("latin-1"))


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ('filename="a.exe"', ["a.exe"]),
        ("filename=a.exe", ["a.exe"]),
        ("filename=my file.exe; size=3", ["my file.exe"]),
        ("FileName = a.exe", ["a.exe"]),
        ('filename="a.exe', ["a.exe"]),
        ('filename="a\\".exe"', ['a".exe']),
        ("filename*=UTF-8''%e2%82%ac.exe", ["\u20ac.exe"]),
        ("filename*=''a%2eexe", ["a.exe"]),
        ("filename*=a%2eexe", ["a.exe"]),
        ("filename*=klingon'tlh'%e9.exe", ["\xe9.exe"]),
        ("filename*0=a; filename*1=.e; filename*2=xe", ["a.exe"]),
        ("filename*2=xe; filename*0=a; filename*1=.e", ["a.exe"]),
        ("filename*0*=utf-8''%61; filename*1=.exe", ["a.exe"]),
        ("filename*1=exe; filename*5=.txt", ["exe.txt"]),
        ('filename="=?utf-8?b?YS5leGU=?="', ["a.exe"]),
        ('filename="=?utf-8?B?YS5leGU?="', ["a.exe"]),
        ("filename==?utf-8?q?a=2Eexe?=", ["a.exe"]),
        ('filename="=?utf-8?q?a.?= =?utf-8?q?exe?="', ["a.exe"]),
        ('filename="=?utf-8*de?q?a.exe?="', ["a.exe"]),
        ('filename="=?x-unknown?q?a.exe?="', ["a.exe"]),
        ('filename="\xe4.exe"', ["\xe4.exe"]),
        ('filename="\xc3\xa4.exe"', ["\xe4.exe"]),
        ("filename=a.txt; filename=b.exe", ["a.txt", "b.exe"]),
        ("filename=a.txt; filename*=b.exe", ["b.exe", "a.txt"]),
        ("filename=", []),
    ],
)
def test_names(parameters: str, names: list[str]) -> None:
    assert list(read(f"Content-Disposition: attachment; {parameters}").names) == names


def test_names_of_all_fields_count() -> None:
    header = read(
        "Content-Type: text/plain;",
        '\tname="one.txt"',
        "content-disposition : attachment; filename=two.exe",
        "Content-Disposition: attachment; filename=three.txt",
        "X-Content-Type: text/html; name=four.txt",
    )
    assert header.names == ("one.txt", "two.exe", "three.txt")
    assert header.content_type == "text/plain"


@pytest.mark.parametrize(
    ("value", "boundaries"),
    [
        ('multipart/mixed; boundary="a b"', (b"a b", b"a")),
        ("multipart/mixed; boundary=a (comment)", (b"a (comment)", b"a")),
        ("multipart/mixed; boundary*0=a; boundary*1=b", (b"ab",)),
        ("multipart/mixed", ()),
        ("text/plain; boundary=a", ()),
    ],
)
def test_boundaries(value: str, boundaries: tuple[bytes, ...]) -> None:
    assert read(f"Content-Type: {value}").boundaries == boundaries


def test_a_multipart_type_counts_before_others() -> None:
    header = read("Content-Type: text/plain", "Content-Type: multipart/mixed; boundary=a")
    assert (header.content_type, header.boundaries) == ("multipart/mixed", (b"a",))


def test_encoding() -> None:
    assert read("Content-Transfer-Encoding:\r\n\tBASE64 ; x=y").encoding == "base64"


@given(st.binary(max_size=400))
def test_nothing_makes_the_reader_fail(value: bytes) -> None:
    read_header(b"\nContent-Type: multipart/x; name=" + value)
    read_header(b"\nContent-Disposition:" + value)


@given(
    st.lists(
        st.sampled_from(
            [b"filename", b"*", b"0", b"1", b"=", b"'", b'"', b";", b"%", b"=?", b"?b?", b"?=", b"utf-8", b"a"]
        )
    )
)
def test_near_misses_never_make_the_reader_fail(pieces: list[bytes]) -> None:
    read_header(b"\nContent-Disposition: x;" + b"".join(pieces))


def test_a_megabyte_of_one_field_is_read_in_time() -> None:
    for filling in (b"; a=b", b'"', b"\\", b"=?", b"; filename*0=x", b" "):
        assert (
            len(read_header(b"\nContent-Type: text/plain; name=a" + filling * (1_000_000 // len(filling))).names) <= 2
        )
