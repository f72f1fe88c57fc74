"""The whole examination: what is found where, and that nothing takes long or much."""

from __future__ import annotations

import base64
import gzip
import zipfile

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
