"""SMTP smuggling: what some servers take for the end of a mail and others do not never makes two mails of one.

By DATA and by BDAT (RFC 3030), from outside into a mailbox, and from a user to another site.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from tests.harness.clients import (
    HOST,
    OUTSIDE,
    Account,
    logged_in,
    mail,
    send_from_outside,
    subjects,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform
from tests.harness.remote import RemoteSite
from tests.harness.wait import until

ENDS_THAT_ARE_NONE = {
    "LF.LF": b"\n.\n",
    "LF.CRLF": b"\n.\r\n",
    "CRLF.LF": b"\r\n.\n",
    "CR.CR": b"\r.\r",
    "CR.CRLF": b"\r.\r\n",
    "CRLF.CR": b"\r\n.\r",
    "LFCR.LFCR": b"\n\r.\n\r",
    "LFCR.CRLF": b"\n\r.\r\n",
    "NUL": b"\r\n\x00.\r\n",
    "dot, NUL": b"\r\n.\x00\r\n",
    "LF, NUL": b"\n\x00.\r\n",
    "CR.LF": b"\r.\n",
    "LF.CR": b"\n.\r",
    "CRCRLF.CRCRLF": b"\r\r\n.\r\r\n",
    "CRLF.CRCRLF": b"\r\n.\r\r\n",
    "CRLF.space": b"\r\n. \r\n",
    "NEL": b"\xc2\x85.\xc2\x85",
    "line separator": b"\xe2\x80\xa8.\xe2\x80\xa8",
}
"""Ends of DATA that some servers take for `CRLF.CRLF` (RFC 5321 section 4.1.1.4) and others do not."""

IN_A_CHUNK = {**ENDS_THAT_ARE_NONE, "CRLF.CRLF": b"\r\n.\r\n"}
"""Nothing ends a chunk but its count, so what ends DATA is content there (RFC 3030 section 2)."""

PARTNER, OTHER_PARTNER = "partner@remote.example", "other@remote.example"
LAST_LINE = "the last line of all"
Send = Callable[[smtplib.SMTP, bytes, bytes], tuple[int, bytes]]
"""Sends a mail: a session after RCPT, the end that is none, the content with `END` where it is to stand. The reply."""
END = b"END"


def by_data(smtp: smtplib.SMTP, end: bytes, content: bytes) -> tuple[int, bytes]:
    """Without the dots that belong before lines with a dot: the ends are to arrive as they are."""
    assert smtp.docmd("DATA")[0] == 354
    smtp.send(content.replace(END, end) + b"\r\n.\r\n")
    return smtp.getreply()


def by_chunks(smtp: smtplib.SMTP, end: bytes, content: bytes) -> tuple[int, bytes]:
    """The end within a chunk, then with a border of two chunks at each place in it, then each of its bytes in one."""
    before, after = content.split(END)
    pieces = [before + end + after]
    for at in range(len(end) + 1):
        pieces += [before + end[:at], end[at:] + after]
    return _chunks(smtp, [*pieces, before, *(bytes([byte]) for byte in end), after])


def _chunks(smtp: smtplib.SMTP, chunks: list[bytes]) -> tuple[int, bytes]:
    answer = (0, b"")
    for chunk, following in pairwise([*chunks, None]):
        assert chunk is not None
        smtp.send(b"BDAT %d%s\r\n%b" % (len(chunk), b" LAST" if following is None else b"", chunk))
        answer = smtp.getreply()
        if answer[0] != 250:
            break
    return answer


def two_in_one(sender: str, recipient: str, outer: str, inner: str) -> bytes:
    """A mail with another one in it, which `END` and an envelope of its own set apart."""
    envelope = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"
    content = f"From: {sender}\r\nSubject: {inner}\r\n\r\n{LAST_LINE}\r\n"
    mime = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    head = f"From: {sender}\r\nSubject: {outer}\r\n{mime}\r\nhello"
    return head.encode() + END + f"{envelope}{content}".encode()


@contextmanager
def after_rcpt(smtp: smtplib.SMTP, sender: str, recipient: str) -> Iterator[smtplib.SMTP]:
    """In `smtp`, a mail whose content comes next; at the end, no command of the content was answered."""
    smtp.ehlo("other.example")
    assert smtp.mail(sender)[0] == 250
    assert smtp.rcpt(recipient)[0] == 250
    yield smtp
    assert smtp.docmd("NOOP") == (250, b"2.0.0 Ok")


def ends(found: dict[str, bytes]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("end", found.values(), ids=found.keys())


def into_a_mailbox(platform: Platform, alice: Account, bob: Account, send: Send, end: bytes) -> None:
    outer, smuggled, after = unique("outer"), unique("smuggled"), unique("after")
    content = two_in_one("sender@other.example", bob.login, outer, smuggled)
    with (
        smtplib.SMTP(HOST, platform.port("smtp"), timeout=60) as smtp,
        after_rcpt(smtp, OUTSIDE, alice.login),
    ):
        code, text = send(smtp, end, content)
        assert (code, text[:5]) == (250, b"2.0.0"), "all of it was the content of one mail"
    arrived = wait_for_mail(platform, alice, outer).as_bytes()
    assert smuggled.encode() in arrived
    assert LAST_LINE.encode() in arrived.rstrip().splitlines()[-1], "none of it is missing"
    send_from_outside(platform, mail(after, to=bob.login), [bob.login])
    wait_for_mail(platform, bob, after)
    assert smuggled not in subjects(platform, bob)


@ends(ENDS_THAT_ARE_NONE)
def test_data_arrives_as_one_mail(platform: Platform, alice: Account, bob: Account, end: bytes) -> None:
    into_a_mailbox(platform, alice, bob, by_data, end)


@ends(IN_A_CHUNK)
def test_chunks_arrive_as_one_mail(platform: Platform, alice: Account, bob: Account, end: bytes) -> None:
    into_a_mailbox(platform, alice, bob, by_chunks, end)


def to_another_site(smtp: smtplib.SMTP, alice: Account, remote: RemoteSite, send: Send, end: bytes) -> None:
    outer, smuggled, after = unique("outer"), unique("smuggled"), unique("after")
    content = two_in_one(alice.login, OTHER_PARTNER, outer, smuggled)
    with after_rcpt(smtp, alice.login, PARTNER):
        code, text = send(smtp, end, content)
        assert (code, text[:5]) == (250, b"2.0.0"), "all of it was the content of one mail"
    smtp.send_message(mail(after, sender=alice.login, to=OTHER_PARTNER))
    sent = until(lambda: remote.found(outer), "the mail at the remote site")
    until(lambda: remote.found(after), "the mail after it")
    assert remote.found(smuggled) is None
    lines = sent.wire.partition(b"\r\nDATA\r\n")[2].split(b"\r\n")
    assert not re.search(rb"[\r\n]", b"".join(lines)), "there are no line ends but CRLF"
    assert lines[-2:] == [b".", b""]
    assert not [line for line in lines[:-2] if line.startswith(b".") and not line.startswith(b"..")], "dots are doubled"
    assert any(smuggled.encode() in line for line in lines)
    assert LAST_LINE.encode() in lines[-4:], "none of it is missing"


@pytest.mark.parametrize("send", [by_data, by_chunks])
@ends(ENDS_THAT_ARE_NONE)
def test_one_mail_leaves(platform: Platform, alice: Account, remote: RemoteSite, send: Send, end: bytes) -> None:
    with logged_in(platform, alice, "submission") as smtp:
        to_another_site(smtp, alice, remote, send, end)


@ends(IN_A_CHUNK)
def test_chunks_leave_port_465_as_one_mail(platform: Platform, alice: Account, remote: RemoteSite, end: bytes) -> None:
    with logged_in(platform, alice, "submissions") as smtp:
        to_another_site(smtp, alice, remote, by_chunks, end)


@pytest.mark.parametrize("recipient", ["", "nobody@demo.example"])
def test_a_refused_chunk_is_no_commands(platform: Platform, bob: Account, recipient: str) -> None:
    """Without MAIL, and without a recipient that was taken: the chunk is passed over all the same."""
    commands = f"MAIL FROM:<{OUTSIDE}>\r\nRCPT TO:<{bob.login}>\r\n".encode()
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=60) as smtp:
        smtp.ehlo("other.example")
        if recipient:
            assert smtp.mail(OUTSIDE)[0] == 250
            assert smtp.rcpt(recipient)[0] == 550
        code, _ = _chunks(smtp, [commands])
        assert code in (503, 554)
        assert smtp.docmd("NOOP") == (250, b"2.0.0 Ok")
        assert smtp.docmd("DATA")[0] in (503, 554), "there is no recipient"
