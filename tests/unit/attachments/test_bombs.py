"""Messages made to exhaust whoever looks into them: a clean answer in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from mailcenter.attachments.extensions import SEED_EXTENSIONS
from mailcenter.attachments.findings import Limits, Reason
from mailcenter.attachments.walk import examine
from tests.unit.attachments.samples import attached, zipped


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


def headers_only() -> bytes:
    """Thousands of entries that claim one stream, which follows the last of them."""
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
    "zip of 3,000 headers": (lambda: attached(headers_only(), "a.zip"), Reason.UNREADABLE),
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
    reasons = {finding.reason for finding in report.findings}
    assert reason in reasons if reason else not reasons
    assert report.is_complete is (reason is None)


@pytest.mark.parametrize("name", ["zip of 50 MB", "zip in zip in zip", "1,000 nested messages", "gzip of 300 MB"])
def test_bombs_stay_small(name: str) -> None:
    """Bounded memory: never more than one unpacked file of each level."""
    message = BOMBS[name][0]()
    tracemalloc.start()
    examine(message, extensions=SEED_EXTENSIONS, clock=lambda: 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(message) + 4 * Limits().member
