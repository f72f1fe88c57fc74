"""What Dovecot's mail processes say before a message, in every split."""

from __future__ import annotations

import pytest

from mailcenter.serve.training.protocol import LONGEST_HEAD, Head, ProtocolError, parse_head

HEAD = b"VERSION\tscript\t4\t0\nalarm=10000\nnoreply\nalice@demo.example\n\n"


def test_in_every_split() -> None:
    data = HEAD + b"From: a@b.example\r\n\r\nhello\r\n"
    for cut in range(len(HEAD)):
        assert parse_head(data[:cut]) is None
    assert parse_head(data) == (Head(False, "alice@demo.example"), b"From: a@b.example\r\n\r\nhello\r\n")
    assert parse_head(HEAD) == (Head(False, "alice@demo.example"), b"")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"VERSION\tscript\t4\t0\n-\n\n", Head(True, "")),
        (b"VERSION\tscript\t4\t1\n-\na\001tb\0011c\nmore\n\n", Head(True, "a\tb\1c")),
        (b"VERSION\tscript\t4\t0\nnoreply\n\xff\n\n", Head(False, "\ufffd")),
    ],
)
def test_heads(head: bytes, said: Head) -> None:
    assert parse_head(head) == (said, b"")


@pytest.mark.parametrize("data", [b"VERSION\tscript\t3\t0\n", b"GET / HTTP/1.1\r\n", b"x" * (LONGEST_HEAD + 1)])
def test_another_protocol(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_head(data)
