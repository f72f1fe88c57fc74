"""The real type of a file by its first octets: what could be executed, what is an archive."""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

HEAD: Final = 4_096
"""How many octets of a file are enough to know its type."""

Archive = Literal["zip", "7z", "rar", "tar", "gz", "bz2", "xz", "tnef", "unopened"]


class FileType(msgspec.Struct, frozen=True):
    """`executable` names what runs it, empty for what nothing runs; `archive` the reader for what it packs."""

    executable: str = ""
    archive: Archive | None = None
    detail: str = ""
    is_script: bool = False


_NOTHING: Final = FileType()

# What begins with these octets is that type, whatever follows.
_SIGNATURES: Final[tuple[tuple[bytes, FileType], ...]] = (
    (b"\x7fELF", FileType("Linux program")),
    (b"\xfe\xed\xfa\xce", FileType("macOS program")),
    (b"\xfe\xed\xfa\xcf", FileType("macOS program")),
    (b"\xce\xfa\xed\xfe", FileType("macOS program")),
    (b"\xcf\xfa\xed\xfe", FileType("macOS program")),
    (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00", FileType("Windows shortcut")),
    (b"ITSF\x03\x00\x00\x00", FileType("Windows help file")),
    (b"?_\x03\x00", FileType("Windows help file")),
    (b"\x00asm", FileType("WebAssembly program")),
    (b"dex\n0", FileType("Android program")),
    (b"#@~^", FileType("encoded Windows script", is_script=True)),
    (b"Windows Registry Editor Version", FileType("Windows registry file")),
    (b"REGEDIT4", FileType("Windows registry file")),
    (b"PK\x03\x04", FileType(archive="zip")),
    (b"PK\x05\x06", FileType(archive="zip")),
    (b"PK\x07\x08", FileType(archive="zip")),
    (b"PK00PK\x03\x04", FileType(archive="zip")),
    (b"7z\xbc\xaf\x27\x1c", FileType(archive="7z")),
    (b"Rar!\x1a\x07", FileType(archive="rar")),
    (b"\x1f\x8b\x08", FileType(archive="gz")),
    (b"\xfd7zXZ\x00", FileType(archive="xz")),
    (b"\x78\x9f\x3e\x22", FileType(archive="tnef")),
    (b"MSCF\x00\x00\x00\x00", FileType(archive="unopened", detail="cabinet")),
    (b"\x60\xea", FileType(archive="unopened", detail="ARJ archive")),
    (b"\x28\xb5\x2f\xfd", FileType(archive="unopened", detail="zstd")),
    (b"LZIP\x01", FileType(archive="unopened", detail="lzip")),
    (b"vhdxfile", FileType(archive="unopened", detail="disk image")),
    (b"conectix", FileType(archive="unopened", detail="disk image")),
)
_ALL_SIGNATURES: Final = tuple(signature for signature, _ in _SIGNATURES)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# the class of a Windows Installer package, in the root entry of its OLE file: {000C1084-0000-0000-C000-000000000046}
_INSTALLER_CLASS: Final = bytes.fromhex("84100c0000000000c000000000000046")
_SHEBANG: Final = re.compile(rb"(?:\xef\xbb\xbf)?#![ \t]*/")
_SCRIPT_WORDS: Final = (b"<hta:application", b"wscript.shell", b"@echo")
"""One of them, in any case, stands in whatever the expression below finds; most files hold none."""
_SCRIPT: Final = re.compile(
    rb"<hta:application|\bcreateobject\s*\(\s*[\"']wscript\.shell|\bnew\s+activexobject\s*\(\s*[\"']wscript\.shell"
    rb"|\A\s*@echo\s+off\b",
    re.IGNORECASE,
)


def file_type(head: bytes, *, is_named: bool = True) -> FileType:
    """The type of a file that begins with `head` (at least `HEAD` octets of it, or all).

    `is_named`: it came with a file name. What is only text of a message is not searched for scripts, since people write
    about them.
    """
    if head.startswith(_ALL_SIGNATURES):
        return next(known for signature, known in _SIGNATURES if head.startswith(signature))
    return _packed(head) or _program(head) or (_script(head) if is_named else _NOTHING)


def _program(head: bytes) -> FileType | None:
    if head[:2] in {b"MZ", b"ZM"} and len(head) >= 64 and b"\0" in head[:64]:
        return FileType("Windows program")
    if head.startswith(b"\xca\xfe\xba\xbe") and len(head) >= 8:
        # a class file's version, or the number of programs in a macOS file: Java began with 45
        return FileType("Java program" if int.from_bytes(head[4:8], "big") >= 45 else "macOS program")
    return None


def _packed(head: bytes) -> FileType | None:
    if head.startswith(b"BZh") and head[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}:
        return FileType(archive="bz2")
    if head[257:262] == b"ustar" or is_tar_header(head[:512]):
        return FileType(archive="tar")
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return FileType(archive="unopened", detail="LHA archive")
    if head[7:14] == b"**ACE**":
        return FileType(archive="unopened", detail="ACE archive")
    return None


def is_installer(data: bytes) -> bool:
    """Whether a whole file is a Windows Installer package (MSI, MSP, MST)."""
    return data.startswith(_OLE) and _INSTALLER_CLASS in data


def is_ole(head: bytes) -> bool:
    """Whether it is an OLE file: old Office documents, and installers."""
    return head.startswith(_OLE)


def is_tar_header(block: bytes) -> bool:
    """Whether 512 octets are the header of a file in a tar archive, by their checksum (POSIX ustar)."""
    if len(block) < 512 or not block[0]:
        return False
    field = block[148:156].strip(b" \0")
    if not field or not field.isdigit() or len(field) > 7:
        return False
    try:
        claimed = int(field, 8)
    except ValueError:
        return False
    return claimed == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _script(head: bytes) -> FileType:
    if _SHEBANG.match(head):
        return FileType("script", is_script=True)
    text = head
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = head.decode("utf-16", "replace").encode("ascii", "replace")
    if text.lstrip(b"?").startswith((b"Windows Registry Editor Version", b"REGEDIT4")):
        return FileType("Windows registry file")
    lower = text.lower()
    if any(word in lower for word in _SCRIPT_WORDS) and _SCRIPT.search(text):
        return FileType("Windows script", is_script=True)
    return _NOTHING
