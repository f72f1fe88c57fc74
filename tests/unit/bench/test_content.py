"""The comparison of sent and delivered mails sees every change that was not declared, and no other."""

from __future__ import annotations

import pytest
from bench.mails import Mail
from bench.replay.content import compare, split

from tests.corpus import torture

_OWN = (b"mail.demo.example",)
_TRACE = b"Return-Path: <a@b.example>\r\nReceived: from x\r\n\tby y; now\r\nX-Spam-Score: 1.0\r\n"
_SENT = b"From: a@b.example\r\nSubject: x\r\n\tfolded\r\nBcc: c@d.example\r\n\r\nbody\r\n\r\nend\r\n"


def test_added_trace_and_removed_bcc_are_declared() -> None:
    result = compare(_SENT, _TRACE + _SENT.replace(b"Bcc: c@d.example\r\n", b""), _OWN)
    assert result.faults == []
    assert result.added == {"return-path": 1, "received": 1, "x-spam-score": 1}
    assert result.removed == {"bcc": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"body", b"Body"),
        (b"body\r\n", b"body \r\n"),
        (b"\r\n\r\nend", b"\r\nend"),
        (b"end\r\n", b"end\r\n\r\n"),
        (b"end\r\n", b"end"),
        (b"Subject: x", b"Subject:  x"),
        (b"Subject: x", b"subject: x"),
        (b"\tfolded", b" folded"),
        (b"From: a@b.example\r\n", b""),
        (b"Bcc:", b"X-Other: new\r\nBcc:"),
    ],
)
def test_every_other_change_is_a_fault(old: bytes, new: bytes) -> None:
    assert compare(_SENT, _TRACE + _SENT.replace(old, new, 1), _OWN).faults


def test_only_results_in_our_name_may_be_missing() -> None:
    ours = b"Authentication-Results: mail.demo.example; spf=pass\r\n"
    foreign = b"Authentication-Results: x.example; spf=pass\r\n"
    assert compare(ours + foreign + _SENT, foreign + _SENT, _OWN).faults == []
    assert compare(ours + foreign + _SENT, ours + _SENT, _OWN).faults


def test_header_ends_before_a_line_that_is_no_field() -> None:
    assert split(b"A: 1\r\nno field\r\nB: 2\r\n") == ([b"A: 1"], b"no field\r\nB: 2\r\n")
    assert compare(b"A: 1\r\nno field\r\n", b"Received: x\r\nA: 1\r\n\r\nno field\r\n", _OWN).faults == []


@pytest.mark.parametrize("sent", torture(), ids=lambda sent: sent.name)
def test_torture_mails_equal_themselves(sent: Mail) -> None:
    saved = b"X-Mailbox-Line: " if sent.name == "quoted-mbox-line-first" else b""
    assert compare(sent.content, saved + sent.content, _OWN).faults == []
