"""Real types by the first octets."""

from __future__ import annotations

import io
import tarfile

import pytest

from mailcenter.attachments.file_types import file_type, is_installer, is_tar_header
from tests.unit.attachments.samples import PROGRAM, SEVEN_ZIP, rar4, rar5, tnef, zipped


@pytest.mark.parametrize(
    ("head", "executable"),
    [
        (PROGRAM, "Windows program"),
        (b"\x7fELF\x02\x01\x01", "Linux program"),
        (b"\xcf\xfa\xed\xfe\x07\x00", "macOS program"),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x02", "macOS program"),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "Java program"),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F", "Windows shortcut"),
        (b"ITSF\x03\x00\x00\x00", "Windows help file"),
        (b"\x00asm\x01\x00\x00\x00", "WebAssembly program"),
        (b"#!/bin/sh\n", "script"),
        (b"\xef\xbb\xbf#! /usr/bin/env python3", "script"),
        (b"<html><HTA:Application id=x>", "Windows script"),
        (b'Set s = CreateObject("WScript.Shell")', "Windows script"),
        (b"\r\n@ECHO OFF\r\n", "Windows script"),
        ("\ufeffWindows Registry Editor Version 5.00".encode("utf-16-le"), "Windows registry file"),
        (b"REGEDIT4\r\n", "Windows registry file"),
        (b"#@~^abc", "encoded Windows script"),
        (b"MZ is a country code too, as in Mozambique, whose name is written in letters only", ""),
        (b"#!hashtag", ""),
        (b"%PDF-1.7", ""),
        (b"\x89PNG\r\n\x1a\n", ""),
        (b"", ""),
    ],
)
def test_what_runs(head: bytes, executable: str) -> None:
    assert file_type(head).executable == executable


def test_scripts_are_not_looked_for_in_texts_without_a_name() -> None:
    assert file_type(b'use CreateObject("WScript.Shell")', is_named=False).executable == ""
    assert file_type(PROGRAM, is_named=False).executable


@pytest.mark.parametrize(
    ("head", "archive"),
    [
        (zipped({"a": b"b"}), "zip"),
        (rar4({}), "rar"),
        (rar5({}), "rar"),
        (SEVEN_ZIP, "7z"),
        (tnef({}), "tnef"),
        (b"\x1f\x8b\x08\x00", "gz"),
        (b"BZh91AY&SY", "bz2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"MSCF\x00\x00\x00\x00", "unopened"),
        (bytes(7) + b"**ACE**", "unopened"),
        (b"\x20\x20-lh5-", "unopened"),
    ],
)
def test_what_packs(head: bytes, archive: str) -> None:
    assert file_type(head).archive == archive


@pytest.mark.parametrize("style", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_by_its_checksum(style: int) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=style) as archive:
        archive.addfile(tarfile.TarInfo("a"))
    data = target.getvalue()
    assert file_type(data).archive == "tar"
    old = data[:257] + bytes(255)
    total = sum(old[:148]) + 256 + sum(old[156:])
    assert is_tar_header(old[:148] + f"{total:06o}\0 ".encode() + old[156:])
    assert not is_tar_header(old)


def test_installers_among_ole_files() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert not is_installer(ole)
    assert is_installer(ole + bytes.fromhex("84100c0000000000c000000000000046"))
