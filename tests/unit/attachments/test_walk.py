"""The whole examination: what is found where, and that nothing takes long or much."""

from __future__ import annotations

import base64
import gzip
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailcenter.attachments.extensions import SEED_EXTENSIONS
from mailcenter.attachments.findings import Limits, Reason
from mailcenter.attachments.walk import examine
from tests.unit.attachments.samples import PROGRAM, SEVEN_ZIP, attached, look, rar4, rar5, ticking, tnef, told, zipped


def test_an_ordinary_message() -> None:
    report = look(attached(b"%PDF-1.7", "report.pdf", "application/pdf"))
    assert report.findings == ()
    assert report.is_complete


def test_by_name() -> None:
    (finding,) = look(attached(b"text", "invoice.pdf.exe")).findings
    assert (finding.reason, finding.name, finding.detail) == (
        Reason.EXTENSION,
        "invoice.pdf.exe",
        ".exe (double extension)",
    )


def test_by_content() -> None:
    report = look(attached(PROGRAM, "report.pdf"))
    assert [(finding.reason, finding.detail) for finding in report.findings] == [(Reason.TYPE, "Windows program")]
    assert report.is_complete
    assert told(look(attached(b"#!/bin/sh\n", "notes.txt"))) == [("script", "notes.txt")]
    installer = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9_000) + bytes.fromhex("84100c0000000000c000000000000046")
    assert told(look(attached(installer, "letter.doc"))) == [("type", "letter.doc")]


def test_one_file_is_reported_once() -> None:
    assert told(look(attached(PROGRAM, "setup.exe"))) == [("extension", "setup.exe")]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (zipped({"a/setup.exe": b""}), "a.zip", "a.zip/a/setup.exe"),
        (zipped({"inner.zip": zipped({"x.txt": PROGRAM})}), "a.zip", "a.zip/inner.zip/x.txt"),
        (zipped({"x.txt": PROGRAM}), "a.docx", "a.docx/x.txt"),
        (b"junk" + zipped({"x.txt": PROGRAM}), "a.zip", "a.zip/x.txt"),
        (gzip.compress(PROGRAM), "x.txt.gz", "x.txt.gz/x.txt"),
        (rar4({"x.txt": PROGRAM}), "a.rar", "a.rar/x.txt"),
        (rar5({"x.exe": b""}), "a.rar", "a.rar/x.exe"),
        (tnef({"x.exe": b""}), "winmail.dat", "winmail.dat/x.exe"),
        (zipped({"mail.eml": attached(PROGRAM, "x.txt")}), "a.zip", "a.zip/mail.eml/x.txt"),
        (attached(zipped({"x.txt": PROGRAM}), "b.zip"), "mail.eml", "mail.eml/b.zip/x.txt"),
    ],
)
def test_inside(data: bytes, name: str, expected: str) -> None:
    report = look(attached(data, name))
    assert [place for _, place in told(report)] == [expected]
    assert report.is_complete


def test_messages_inside() -> None:
    inner = attached(PROGRAM, "x.txt")
    as_it_is = (
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--o--"
    )
    assert told(look(as_it_is)) == [("type", "x.txt")]
    encoded = attached(inner, "forwarded", "message/rfc822")
    assert told(look(encoded)) == [("type", "forwarded/x.txt")]
    subject = attached(b"Subject: x\r\n\r\ny", "your order at shop.example.com", "message/rfc822")
    assert told(look(subject)) == []


def test_uuencoded_in_a_text() -> None:
    assert told(look(b"Subject: x\r\n\r\nhello\r\nbegin 644 setup.exe\r\n#0V%T\r\n`\r\nend\r\n")) == [
        ("extension", "setup.exe")
    ]


def test_encrypted_archives_are_told_once() -> None:
    report = look(attached(rar5({"a.txt": b"x", "b.txt": b"y"}, is_encrypted=True), "a.rar"))
    assert told(report) == [("encrypted", "a.rar/a.txt")]
    assert not report.is_complete


def test_what_cannot_be_opened() -> None:
    assert told(look(attached(b"MSCF\0\0\0\0", "a.cab"))) == [("unreadable", "a.cab")]
    assert told(look(attached(SEVEN_ZIP[:40], "a.7z"))) == [("unreadable", "a.7z")]
    assert told(look(attached(SEVEN_ZIP, "a.7z"))) == []
    assert told(look(attached(gzip.compress(b"x")[:10] + b"\xff" * 9, "a.gz"))) == [("unreadable", "a.gz")]


def test_archives_within_archives_to_a_depth() -> None:
    data = zipped({"x.txt": PROGRAM})
    for level in range(20):
        data = zipped({f"{level}.zip": data}, zipfile.ZIP_STORED if level % 2 else zipfile.ZIP_DEFLATED)
    report = look(attached(data, "a.zip"))
    assert [finding.reason for finding in report.findings] == [Reason.TOO_DEEP]
    assert len(report.findings[0].path) == Limits().depth


def test_findings_end_somewhere() -> None:
    report = look(attached(zipped({f"{number}.exe": b"" for number in range(200)}), "a.zip"))
    assert len(report.findings) == Limits().findings
    assert not report.is_complete


def test_time_runs_out() -> None:
    clock = ticking(0.01)
    data = zipped({f"{number}.txt": b"" for number in range(2_000)})
    report = examine(attached(data, "a.zip"), extensions=SEED_EXTENSIONS, clock=lambda: next(clock))
    assert report.findings[-1].reason is Reason.TOO_SLOW
    assert not report.is_complete


def bomb(size: int) -> bytes:
    """A ZIP archive that holds `size` octets in a thousandth of that."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.zip", "w") as member:
        member.write(b"PK\x03\x04")
        for _ in range(size // 1_000_000):
            member.write(bytes(1_000_000))
    return target.getvalue()


def claiming_bomb() -> bytes:
    """A ZIP archive that says it holds 4 GB."""
    data = bytearray(zipped({"zeros.txt": bytes(1_000)}))
    data[22:26] = b"\xf0\xff\xff\xff"
    return bytes(data)


def nested_bomb() -> bytes:
    """16 archives of 16 archives of 4 files of 16 MB of zeros: 16 GB."""
    data = zipped({f"{number}.zip": b"PK\x05\x06" + bytes(16_000_000) for number in range(4)})
    for _ in range(2):
        data = zipped({f"{number}.zip": data for number in range(16)})
    return data


def lying_bomb() -> bytes:
    """Many entries that share one stream, each claiming little."""
    body = gzip.compress(b"PK\x05\x06" + bytes(30_000_000))[10:-8]
    header = zipped({"a.zip": b"x"})[:30]
    return b"".join(header[:18] + bytes(8) + header[26:30] + b"a.zip" for _ in range(3_000)) + body


def parts(part: bytes, count: int) -> bytes:
    """A multipart of equal parts."""
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + part + b"\r\n") * count


BOMBS: dict[str, tuple[Callable[[], bytes], Reason | None]] = {
    "zip of 50 MB": (lambda: attached(bomb(50_000_000), "a.zip"), Reason.TOO_LARGE),
    "zip that claims 4 GB": (lambda: attached(claiming_bomb(), "a.zip"), Reason.TOO_LARGE),
    "zip in zip in zip": (lambda: attached(nested_bomb(), "a.zip"), Reason.TOO_LARGE),
    "zip that shares": (lambda: attached(lying_bomb(), "a.zip"), Reason.TOO_LARGE),
    "gzip of 300 MB": (lambda: attached(gzip.compress(bytes(300_000_000), 1), "a.gz"), Reason.TOO_LARGE),
    "20,000 parts": (lambda: parts(b"\r\nx", 20_000), Reason.TOO_MANY),
    "9,000 encoded messages": (
        lambda: parts(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==", 9_000),
        None,
    ),
    "1,000 nested messages": (lambda: b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"x", Reason.TOO_DEEP),
    "30 messages in base64": (lambda: _messages_within_base64(30), Reason.TOO_DEEP),
    "header of 1 MB": (
        lambda: b"Content-Type: text/plain; name=a" + b";a=b" * 300_000 + b"\r\n\r\nx",
        Reason.TOO_LARGE,
    ),
    "headers without end": (lambda: parts(b"X: y", 9_999), None),
    "fields without end": (lambda: parts(b"Content-Type: a/b; name=c\r\n" * 1_000 + b"\r\n", 300), Reason.TOO_LARGE),
    "boundaries in headers": (
        lambda: b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n--b%d\r\n" % (n, n) for n in range(20_000)),
        Reason.TOO_LARGE,
    ),
    "files in a text": (lambda: b"Subject: x\r\n\r\n" + b"begin 644 a\r\n--b\r\n" * 500_000, Reason.TOO_MANY),
}


def _messages_within_base64(levels: int) -> bytes:
    data = b"Subject: end\r\n\r\nx"
    for _ in range(levels):
        data = attached(data, "a.eml", "message/rfc822")
    return data


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    """Bounded time: the limit is processor time, far above what is used, so that a busy machine does not fail it."""
    make, reason = BOMBS[name]
    message = make()
    begun = time.process_time()
    report = examine(message, extensions=SEED_EXTENSIONS, clock=time.process_time)
    assert time.process_time() - begun < Limits().seconds
    assert {finding.reason for finding in report.findings} == ({reason} if reason else set())
    assert report.is_complete is (reason is None)


@pytest.mark.parametrize(
    "name", ["zip of 50 MB", "zip in zip in zip", "1,000 nested messages", "30 messages in base64"]
)
def test_bombs_stay_small(name: str) -> None:
    """Bounded memory: never more than one unpacked file of each level."""
    message = BOMBS[name][0]()
    tracemalloc.start()
    examine(message, extensions=SEED_EXTENSIONS, clock=lambda: 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(message) + 4 * Limits().member


@settings(max_examples=300)
@given(st.data())
def test_mangled_messages_are_examined_cleanly(data: st.DataObject) -> None:
    samples = [
        attached(zipped({"a.zip": zipped({"b.exe": b"x"}), "c.txt": b"y"}), "a.zip"),
        attached(tnef({"a.exe": b"x"}), "winmail.dat"),
        attached(SEVEN_ZIP, "a.7z"),
        attached(rar5({"a.exe": b"x"}), "a.rar"),
        attached(attached(PROGRAM, "x.txt"), "y", "message/rfc822"),
    ]
    message = bytearray(data.draw(st.sampled_from(samples)))
    for _ in range(data.draw(st.integers(0, 8))):
        place = data.draw(st.integers(0, len(message) - 1))
        octets = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"\r\n", b"--b0", b"=", b"\n\n", b"\r\n\r\n"]))
        )
        message[place : place + data.draw(st.integers(0, 6))] = octets
    look(bytes(message), Limits(unpacked=1_000_000))


@given(st.binary(max_size=500))
def test_any_octets_as_an_attachment(data: bytes) -> None:
    look(attached(data, "a.zip"))
    look(b"Content-Transfer-Encoding: base64\r\nContent-Type: x/y; name=a.eml\r\n\r\n" + base64.b64encode(data))
