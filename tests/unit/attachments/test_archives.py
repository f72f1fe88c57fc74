"""Each reader of archives: names, contents, encryption, and archives that lie."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.attachments.budget import LimitReached
from mailcenter.attachments.containers import archive_entries
from mailcenter.attachments.entry import Entry
from mailcenter.attachments.file_types import Archive
from mailcenter.attachments.findings import Limits
from mailcenter.attachments.unpack import Damaged
from tests.unit.attachments.samples import SEVEN_ZIP, budget, rar4, rar5, tnef, zipped

FILES = {"a/one.txt": b"hello", "two.exe": b"x" * 100_000, "\u00e4.txt": b"y"}


def opened(kind: Archive, data: bytes, name: str = "") -> list[tuple[Entry, bytes]]:
    return [
        (entry, b"".join(entry.open()) if entry.open else b"")
        for entry in archive_entries(kind, data, name, budget(Limits(unpacked=1 << 24)))
    ]


def contents(kind: Archive, data: bytes, name: str = "") -> dict[str, bytes]:
    return {entry.name: content for entry, content in opened(kind, data, name)}


def tarred(files: dict[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=style) as archive:
        for name, data in files.items():
            information = tarfile.TarInfo(name)
            information.size = len(data)
            archive.addfile(information, io.BytesIO(data))
    return target.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip(method: int) -> None:
    assert contents("zip", zipped(FILES, method)) == FILES


def test_zip_written_as_a_stream_without_sizes() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            octets = bytes(memoryview(data))  # type: ignore[arg-type] # what zipfile writes is a buffer
            self.taken += octets
            return len(octets)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    assert contents("zip", bytes(pipe.taken)) == FILES


def test_zip_with_two_faces() -> None:
    """The central directory names other files than the local headers; and two archives stand one behind the other."""
    lying = zipped({"aaa.txt": b"x"}).replace(b"aaa.txt", b"bbb.exe", 1)
    assert set(contents("zip", lying)) == {"aaa.txt", "bbb.exe"}
    assert set(contents("zip", zipped({"a.txt": b""}) + zipped({"b.exe": b""}))) == {"a.txt", "b.exe"}
    assert set(contents("zip", b"something before" + zipped({"a.exe": b""}))) == {"a.exe"}
    # a stored file that claims to reach over all others
    cover = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 5_000, 5_000, 1, 0) + b"c"
    assert "b.exe" in contents("zip", cover + zipped({"b.exe": b""}))


def test_zip_within_zip_is_named_once() -> None:
    inner = zipped({"inner.exe": b"x"})
    outer = zipped({"inner.zip": inner, "last.txt": b""}, zipfile.ZIP_STORED)
    assert [name for name in contents("zip", outer) if name != "inner.exe"] == ["inner.zip", "last.txt"]
    assert contents("zip", outer)["inner.zip"] == inner


def test_zip_encryption_and_unknown_methods() -> None:
    data = bytearray(zipped({"a.txt": b"x"}))
    data[6] |= 1
    ((entry, _), *_) = opened("zip", bytes(data))
    assert entry.is_encrypted
    data = bytearray(zipped({"a.txt": b"x"}))
    data[8] = 9
    first = next(archive_entries("zip", bytes(data), "", budget()))
    assert first.unreadable == "compression method 9"
    assert first.open is not None
    with pytest.raises(Damaged):
        first.open()


@pytest.mark.parametrize("style", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar(style: int) -> None:
    files = FILES | {"d" * 90 + "/" + "e" * 90 + ".exe": b"z"}
    assert contents("tar", tarred(files, style)) == files


@pytest.mark.parametrize(
    ("kind", "pack", "suffix"),
    [("gz", gzip.compress, ".gz"), ("bz2", bz2.compress, ".bz2"), ("xz", lzma.compress, ".xz")],
)
def test_compressed_streams(kind: Archive, pack: Callable[[bytes], bytes], suffix: str) -> None:
    assert contents(kind, pack(b"hello"), "setup.exe" + suffix) == {"setup.exe": b"hello"}
    assert contents(kind, pack(b"hel") + pack(b"lo"), "x") == {"x": b"hello"}
    assert contents(kind, pack(tarred(FILES)), "x.tar" + suffix) == FILES
    assert contents(kind, pack(b"")) == {}
    assert len(contents(kind, pack(bytes(range(256)) * 4_000)[:-20], "cut")) == 1


@pytest.mark.parametrize("make", [rar4, rar5])
def test_rar(make: Callable[..., bytes]) -> None:
    kind: Archive = "rar"
    assert contents(kind, make(FILES)) == FILES
    assert all(entry.is_encrypted and not content for entry, content in opened(kind, make(FILES, is_encrypted=True)))
    assert [(entry.name, entry.is_encrypted) for entry, _ in opened(kind, make(FILES, names_hidden=True))] == [
        ("", True)
    ]


def test_rar_names_in_unicode() -> None:
    """Kinds 1 (of the common page), 0 (Latin), 2 (whole) and 3 (taken from the plain name) of a character."""
    packed = b"????.exe\0" + b"\x04" + b"\x55\x42\x35\x41\x42" + b"\xc0\x02"
    assert list(contents("rar", rar4({"x": b""}, packed_name=packed))) == ["\u0442\u0435\u0441\u0442.exe"]
    whole = b"?.exe\0" + b"\x00" + b"\x80\x42\x04" + b".ex" + b"\x00e"
    assert list(contents("rar", rar4({"x": b""}, packed_name=whole))) == ["\u0442.exe"]


def test_rar_of_the_future() -> None:
    with pytest.raises(Damaged):
        opened("rar", b"Rar!\x1a\x07\x02\x00")


def test_seven_zip() -> None:
    ((entry, _),) = opened("7z", SEVEN_ZIP)
    assert (entry.name, entry.is_encrypted) == ("dir/file0.ex\u00e9", False)
    assert opened("7z", SEVEN_ZIP[:12] + bytes(20)) == []
    for broken in (SEVEN_ZIP[:20], SEVEN_ZIP[:60]):
        with pytest.raises(Damaged):
            opened("7z", broken)


def test_tnef() -> None:
    found = contents("tnef", tnef({"a long name.exe": b"hello", "b.txt": b""}))
    assert found == {"a long name.exe": b"hello", "SHORT~1.TXT": b"", "b.txt": b""}
    with pytest.raises(Damaged):
        opened("tnef", tnef({"a.exe": b"hello"})[:-10])


def test_unpacking_ends_at_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(LimitReached, match="bytes unpacked"):
        contents("gz", bomb)


SAMPLES: dict[Archive, bytes] = {
    "zip": zipped(FILES, zipfile.ZIP_LZMA),
    "tar": tarred({"a" * 200: b"x"}),
    "gz": gzip.compress(tarred({"a": b"x"})),
    "bz2": bz2.compress(b"hello"),
    "xz": lzma.compress(b"hello"),
    "rar": rar4(FILES)[:5_000],
    "7z": SEVEN_ZIP,
    "tnef": tnef({"a.exe": b"hello"}),
}


@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 5_000), st.binary(min_size=1, max_size=4)), max_size=6),
    st.integers(0, 5_000),
)
def test_damaged_archives_are_damaged_and_nothing_else(
    kind: Archive, changes: list[tuple[int, bytes]], end: int
) -> None:
    data = bytearray(SAMPLES[kind])
    for place, octets in changes:
        start = place % len(data)
        data[start : start + len(octets)] = octets
    _open_all(kind, bytes(data[: max(end, 1)]))


@given(st.binary(max_size=300))
def test_rar5_and_7z_headers_of_any_content(tail: bytes) -> None:
    _open_all("rar", b"Rar!\x1a\x07\x01\x00" + tail)
    _open_all("rar", b"Rar!\x1a\x07\x00" + tail)
    start = b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(4) + struct.pack("<QQ", 0, len(tail)) + bytes(4)
    _open_all("7z", start + tail)
    _open_all("7z", start + b"\x01\x04" + tail)
    _open_all("tnef", b"\x78\x9f\x3e\x22\x01\x00" + tail)


def _open_all(kind: Archive, data: bytes) -> None:
    try:
        opened(kind, data)
    except (Damaged, LimitReached):
        return
