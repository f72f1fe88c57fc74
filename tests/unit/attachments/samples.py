"""Messages, archives and files made for the tests. Nothing here can be executed: only the beginnings are real."""

from __future__ import annotations

import base64
import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Iterator

from mailcenter.attachments.budget import Budget
from mailcenter.attachments.extensions import SEED_EXTENSIONS
from mailcenter.attachments.findings import Limits, Report
from mailcenter.attachments.walk import examine

PROGRAM = b"MZ\x90\x00" + bytes(56) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\x00\x00"

# one file `dir/file0.exe` with an accent on the last letter, packed by py7zr 1.1.4
SEVEN_ZIP = base64.b64decode(
    "N3q8ryccAATRGdgTmgAAAAAAAAAUAAAAAAAAAOQIgGIBADHj5rYFuZ6DBt2nSKYeApqKP0FbAkoUbPDZipjhz5mWYflnva/fDnM3QgwT+PXUD2zR"
    "uQDgAGAAXF0AAIEzB64P0VujJKCKabC54UquoYjvQYSvoywHrXZqDZBNAAxDQTwAZJYp8fRhWl+pJSE3N6qUb+YRysNVa8tLC3rYiNxcmAiN8IYw"
    "dNP/kAyX6vLP1cohkFUAAAAAFwY2AQlkAAcLAQABISEBGAxhAAA="
)


def budget(limits: Limits | None = None) -> Budget:
    """A budget whose clock stands still."""
    return Budget(limits or Limits(), lambda: 0.0)


def look(message: bytes, limits: Limits | None = None) -> Report:
    """Examine with the default list of extensions and a clock that stands still."""
    return examine(message, extensions=SEED_EXTENSIONS, clock=lambda: 0.0, limits=limits)


def told(report: Report) -> list[tuple[str, str]]:
    """Reason and place of each finding: `zip/inner/name`."""
    return [(str(finding.reason), "/".join((*finding.path, finding.name))) for finding in report.findings]


def attached(data: bytes, name: str, content_type: str = "application/octet-stream") -> bytes:
    """A message with a text and one attachment."""
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    head = f'Content-Type: {content_type}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    return (
        b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"
        b"--b0\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b0\r\n"
        + head.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + encoded
        + b"--b0--\r\n"
    )


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def rar4(
    files: dict[str, bytes], *, is_encrypted: bool = False, names_hidden: bool = False, packed_name: bytes = b""
) -> bytes:
    """A RAR 4 archive with stored files; `packed_name` is the name of all of them in its Unicode form."""
    flags = 0x80 if names_hidden else 0
    blocks = [b"Rar!\x1a\x07\x00", _rar4_block(0x73, flags, bytes(6))]
    for name, data in files.items():
        octets = packed_name or name.encode()
        fields = struct.pack("<LLBLLBBHL", len(data), len(data), 3, zlib.crc32(data), 0, 20, 0x30, len(octets), 0x81A4)
        blocks += [_rar4_block(0x74, 0x8000 | 4 * is_encrypted | 0x200 * bool(packed_name), fields + octets), data]
    return b"".join([*blocks, _rar4_block(0x7B, 0x4000, b"")])


def _rar4_block(kind: int, flags: int, fields: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def rar5(files: dict[str, bytes], *, is_encrypted: bool = False, names_hidden: bool = False) -> bytes:
    """A RAR 5 archive with stored files."""
    blocks = [b"Rar!\x1a\x07\x01\x00"]
    if names_hidden:
        blocks.append(_rar5_block(b"\x04\x00" + bytes(20)))
    blocks.append(_rar5_block(b"\x01\x00\x00"))
    for name, data in files.items():
        octets = name.encode()
        extra = b"\x04\x01\x00\x00\x00" if is_encrypted else b""
        fields = b"\x00" + number(len(data)) + b"\x20\x00\x01" + number(len(octets)) + octets
        head = b"\x02\x03" + number(len(extra)) if extra else b"\x02\x02"
        blocks += [_rar5_block(head + number(len(data)) + fields + extra), data]
    return b"".join([*blocks, _rar5_block(b"\x05\x00\x00")])


def number(value: int) -> bytes:
    """A number as RAR 5 writes it."""
    octets = bytearray()
    while value > 0x7F:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(octets) + bytes([value])


def _rar5_block(fields: bytes) -> bytes:
    body = number(len(fields)) + fields
    return struct.pack("<L", zlib.crc32(body)) + body


def tnef(files: dict[str, bytes]) -> bytes:
    """A winmail.dat with attachments that have a short title and, as a MAPI property, their long name."""
    attributes = [b"\x78\x9f\x3e\x22\x01\x00"]
    for name, data in files.items():
        long_name = name.encode("utf-16-le") + b"\0\0"
        padded = long_name + bytes(-len(long_name) % 4)
        properties = struct.pack("<L", 2) + struct.pack("<HHL", 0x0003, 0x3705, 1)
        properties += struct.pack("<HHLL", 0x001F, 0x3707, 1, len(long_name)) + padded
        attributes += [
            _tnef_attribute(0x00069002, bytes(14)),
            _tnef_attribute(0x00018010, b"SHORT~1.TXT\0"),
            _tnef_attribute(0x0006800F, data),
            _tnef_attribute(0x00069005, properties),
        ]
    return b"".join(attributes)


def _tnef_attribute(kind: int, data: bytes) -> bytes:
    return b"\x02" + struct.pack("<LL", kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def ticking(step: float) -> Iterator[float]:
    """The times of a clock that goes on by `step` seconds each time it is looked at."""
    return itertools.count(0.0, step)
