"""The walk over parts: where programs disagree, every reading counts."""

from __future__ import annotations

import email
import re
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.attachments.findings import Limits, Reason
from mailcenter.attachments.mime import Part, _delimiter_lines, walk_parts


def walk(text: str, limits: Limits | None = None) -> list[Part]:
    return list(walk_parts(text.replace("\n", "\r\n").encode(), limits or Limits()))


def bodies(text: str) -> list[str]:
    return [part.body.decode().strip() for part in walk(text) if part.body.strip()]


HEAD = "Content-Type: multipart/mixed; boundary=b\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Subject: x\n\nhello", ["hello"]),
        ("\nhello", ["hello"]),
        ("", []),
        (HEAD + "--b\n\none\n--b\n\ntwo\n--b--\nepilogue", ["one", "two"]),
        (HEAD + "preamble\n--b\n\none\n--b--\n--b\n\ntwo", ["one"]),
        (HEAD + "--b\n\none", ["one"]),
        (HEAD + "--b  \n\none\n--bb\n--b\t\n\ntwo", ["one\r\n--bb", "two"]),
        (HEAD + "--b\nContent-Type: text/plain\n--b\n\ntwo\n--b--", ["two"]),
        # nested, the inner one never closed
        (HEAD + "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--", ["one", "two"]),
        # the same boundary inside
        (
            HEAD + "--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n--b--",
            ["one", "two"],
        ),
        # a message inside
        (
            HEAD
            + "--b\nContent-Type: message/rfc822\n\nSubject: y\n"
            + HEAD.replace("=b", "=c")
            + "--c\n\none\n--c--\n--b--",
            ["one"],
        ),
        # parts of a digest are messages without saying so
        (
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: y\nContent-Type: text/plain\n\none\n--b--",
            ["one"],
        ),
        # no blank line before the first part, or one of blanks
        ("Content-Type: multipart/mixed; boundary=b\n--b\n\none\n--b--", ["one"]),
        ("Content-Type: multipart/mixed; boundary=b\n \n--b\n\none\n--b--", ["one"]),
        # a body that begins without a blank line, in one reading
        (
            HEAD + "--b\nContent-Type: text/plain\nbody at once\n\nand more\n--b--",
            ["and more", "body at once\r\n\r\nand more"],
        ),
    ],
)
def test_bodies(text: str, expected: list[str]) -> None:
    assert bodies(text) == expected


def test_a_field_behind_a_line_of_blanks_counts() -> None:
    (part, *_) = walk("X: y\n \nContent-Disposition: attachment; filename=a.exe\n\nbody")
    assert part.header.names == ("a.exe",)


def test_a_multipart_whose_boundary_never_comes_is_a_text() -> None:
    (part,) = walk(HEAD + "something")
    assert (part.problem, part.body) == (Reason.UNREADABLE, b"something")


def test_ten_thousand_parts_and_one_more() -> None:
    parts = walk(HEAD + "--b\n\nx\n" * 10_000)
    assert len(parts) == 10_001
    assert parts[-1].problem is Reason.TOO_MANY
    assert walk(HEAD + "--b\n\nx\n" * 9_999)[-1].problem is None


def test_a_thousand_messages_within_each_other() -> None:
    text = "Content-Type: message/rfc822\n\n" * 1_000 + "Subject: x\n\nend"
    parts = walk(text)
    assert [part.problem for part in parts if part.problem] == [Reason.TOO_DEEP]
    deep = walk(text, Limits(nesting=1_001))
    assert deep[-1].body == b"end"


def test_a_thousand_multiparts_within_each_other() -> None:
    text = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1_000)) + "\nend\n"
    parts = walk(text + "".join(f"--b{n}--\n" for n in reversed(range(1_000))), Limits(nesting=1_000))
    assert parts[-1].body == b"end\r"


def test_a_long_header_is_read_up_to_the_limit() -> None:
    long = "X-Long: " + "y" * 1_048_576 + "\nContent-Disposition: attachment; filename=late.exe\n\nbody"
    parts = walk("Content-Type: text/plain; name=early.exe\n" + long)
    assert parts[0].problem is Reason.TOO_LARGE
    assert parts[-1].header.names == ("early.exe",)


Tree = str | list["Tree"]

_TREES: st.SearchStrategy[Tree] = st.recursive(
    st.text(alphabet="ab-\n: ", max_size=12), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=12
)


def rendered(tree: Tree, level: int = 0) -> str:
    """A part of this content: a text, a message for a list of one, a multipart for a longer one."""
    if isinstance(tree, str):
        return f"Content-Type: text/plain\n\n{tree}"
    if len(tree) == 1:
        return f"Content-Type: message/rfc822\n\n{rendered(tree[0], level)}"
    boundary = f"=_{level}_"
    inner = "".join(f"\n--{boundary}\n{rendered(part, level + 1)}" for part in tree)
    return f'Content-Type: multipart/mixed; boundary="{boundary}"\n{inner}\n--{boundary}--\n'


@given(_TREES)
def test_the_leaves_are_those_of_the_standard_library(tree: Tree) -> None:
    text = rendered(tree)
    message = email.message_from_bytes(text.replace("\n", "\r\n").encode(), policy=compat32)
    leaves = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    walked = [part.body for part in walk(text) if part.header.content_type == "text/plain"]
    assert [body.strip() for body in walked] == [leaf.strip() for leaf in leaves if isinstance(leaf, bytes)]


@given(
    st.binary(max_size=200),
    st.lists(st.sampled_from([HEAD, "--b", "--c", "\n", "--", "Content-Type: message/rfc822\n"])),
)
def test_nothing_makes_the_walk_fail(tail: bytes, pieces: list[str]) -> None:
    list(walk_parts("".join(pieces).encode() + tail, Limits(parts=50)))


@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"--", b"-", b"b", b"--b", b"\n--\n"]), max_size=12).map(b"".join)
)
def test_delimiter_lines_are_the_same_however_they_are_sought(data: bytes) -> None:
    sought = [match.span() for match in re.finditer(rb"[\r\n]--([^\r\n]{1,4100})", data)]
    assert [match.span() for match in _delimiter_lines(data, 0)] == sought
