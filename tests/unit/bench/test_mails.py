"""Corpora are read whole, with the envelope that each mail once had."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from bench.mails import mail, read

_RAW = (
    b"From bounce@list.example Thu Aug 22 13:17:22 2002\n"
    b"Received: from localhost (localhost [127.0.0.1])\n\tby mx.example\n"
    b"Received: from out.site.example (out.site.example [8.8.4.4])\n\tby mx.example\n"
    b"From: Author <author@site.example>\n\nbody"
)


def test_envelope_comes_from_mbox_line_and_trace() -> None:
    found = mail("x", _RAW)
    assert found.mail_from == "bounce@list.example"
    assert (found.client.address, found.client.helo) == ("8.8.4.4", "out.site.example")
    assert found.content.startswith(b"Received: from localhost")
    assert found.content.endswith(b"\r\n\r\nbody\r\n")


def test_author_stands_in_where_nothing_else_names_a_sender() -> None:
    assert mail("x", _RAW.partition(b"\n")[2]).mail_from == "author@site.example"


def test_unusable_addresses_become_the_empty_reverse_path() -> None:
    assert mail("x", b"From: <gr\xfc\xdfe@site.example>\n\n").mail_from == ""
    assert mail("x", b"\n").mail_from == ""


def test_all_line_ends_become_crlf() -> None:
    assert mail("x", b"\none\rtwo\nthree\r\nfour").content == b"\r\none\r\ntwo\r\nthree\r\nfour\r\n"


def test_folder_and_archive_give_the_same_mails(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "b.eml").write_bytes(b"Subject: b\n\n")
    (folder / "a.eml").write_bytes(b"Subject: a\n\n")
    with tarfile.open(tmp_path / "mails.tar.xz", "w:xz") as archive:
        for name in ("b.eml", "a.eml"):
            content = (folder / name).read_bytes()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    assert list(read(folder)) == list(read(tmp_path / "mails.tar.xz"))
    assert [found.name for found in read(folder)] == ["a.eml", "b.eml"]
