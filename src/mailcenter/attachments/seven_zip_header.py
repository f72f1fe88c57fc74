"""Read the header of a 7z archive, octet by octet, with a bound on everything that is counted.

The format as in 7zFormat.txt of the LZMA SDK. Names in capitals are that document's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mailcenter.attachments.budget import Budget, LimitReached
from mailcenter.attachments.findings import Reason
from mailcenter.attachments.unpack import Damaged

MOST_ITEMS: Final = 100_000

END, HEADER, ARCHIVE_PROPERTIES, ADDITIONAL_STREAMS, MAIN_STREAMS, FILES_INFO = 0, 1, 2, 3, 4, 5
PACK_INFO, UNPACK_INFO, SUBSTREAMS_INFO, SIZE, CRC, FOLDER = 6, 7, 8, 9, 10, 11
UNPACK_SIZE, UNPACK_STREAMS, EMPTY_STREAM, NAMES, ENCODED_HEADER = 12, 13, 14, 17, 23

COPY, LZMA, LZMA2, AES = b"\x00", b"\x03\x01\x01", b"\x21", b"\x06\xf1\x07\x01"


@dataclass(slots=True)
class Coder:
    """One method of packing, with the number of streams that go in and come out."""

    method: bytes
    properties: bytes
    inputs: int
    outputs: int


@dataclass(slots=True)
class Streams:
    """Where packed octets lie, and by which coders they were packed: one list for each folder."""

    position: int = 0
    packed_sizes: tuple[int, ...] = ()
    folders: tuple[tuple[Coder, ...], ...] = ()
    unpacked_sizes: tuple[int, ...] = ()
    has_checksum: list[bool] = field(default_factory=list)

    @property
    def is_encrypted(self) -> bool:
        """Whether a folder needs a password."""
        return any(coder.method == AES for folder in self.folders for coder in folder)


class HeaderReader:
    """The numbers of a header, one behind the other. What lies beyond its end raises IndexError."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self.position = 0

    def octet(self) -> int:
        self.position += 1
        return self._data[self.position - 1]

    def octets(self, count: int) -> bytes:
        if not 0 <= count <= len(self._data) - self.position:
            raise IndexError
        self.position += count
        return self._data[self.position - count : self.position]

    def skip(self, count: int) -> None:
        self.octets(count)

    def number(self) -> int:
        """REAL_UINT64 in the packed form: the ones at the top of the first octet count the octets that follow."""
        head = self.octet()
        value, mask = 0, 0x80
        for index in range(8):
            if not head & mask:
                return value | (head & (mask - 1)) << 8 * index
            value |= self.octet() << 8 * index
            mask >>= 1
        return value

    def count(self) -> int:
        """A number of things that follow; raises LimitReached when nobody has that many."""
        return self._bounded(self.number())

    def _bounded(self, number: int) -> int:
        self._budget.check_time()
        if number > MOST_ITEMS:
            raise LimitReached(Reason.TOO_MANY, "items in the header of a 7z archive")
        return number

    def bits(self, count: int) -> list[bool]:
        octets = self.octets((count + 7) // 8)
        return [bool(octets[index // 8] & 0x80 >> index % 8) for index in range(count)]

    def streams(self) -> Streams:
        """StreamsInfo: PackInfo, UnpackInfo and SubStreamsInfo, each optional, in this order."""
        streams = Streams()
        kind = self.octet()
        if kind == PACK_INFO:
            streams.position, count = self.number(), self.count()
            while (kind := self.octet()) != END:
                if kind == SIZE:
                    streams.packed_sizes = tuple(self.number() for _ in range(count))
                elif kind == CRC:
                    self._digests(count)
                else:
                    raise IndexError
            kind = self.octet()
        if kind == UNPACK_INFO:
            self._unpack_info(streams)
            kind = self.octet()
        if kind == SUBSTREAMS_INFO:
            self._substreams(streams)
            kind = self.octet()
        if kind != END:
            raise IndexError
        return streams

    def _unpack_info(self, streams: Streams) -> None:
        if self.octet() != FOLDER:
            raise IndexError
        count = self.count()
        if self.octet() != 0:
            raise Damaged("7z header with folders elsewhere")
        streams.folders = tuple(self._folder() for _ in range(count))
        streams.has_checksum = [False] * count
        if self.octet() != UNPACK_SIZE:
            raise IndexError
        outputs = sum(coder.outputs for folder in streams.folders for coder in folder)
        streams.unpacked_sizes = tuple(self.number() for _ in range(outputs))
        kind = self.octet()
        if kind == CRC:
            streams.has_checksum = self._digests(count)
            kind = self.octet()
        if kind != END:
            raise IndexError

    def _folder(self) -> tuple[Coder, ...]:
        count = self.number()
        if not 1 <= count <= 32:
            raise IndexError
        coders = tuple(self._coder() for _ in range(count))
        inputs, outputs = sum(coder.inputs for coder in coders), sum(coder.outputs for coder in coders)
        for _ in range(outputs - 1):  # pairs of an input and the output bound to it
            self.number()
            self.number()
        packed = inputs - (outputs - 1)
        if packed > 1:
            for _ in range(packed):
                self.number()
        return coders

    def _coder(self) -> Coder:
        flags = self.octet()
        method = self.octets(flags & 0xF)
        inputs, outputs = (self.number(), self.number()) if flags & 0x10 else (1, 1)
        if inputs > 32 or outputs > 32:
            raise IndexError
        properties = self.octets(self.number()) if flags & 0x20 else b""
        return Coder(method, properties, inputs, outputs)

    def _digests(self, count: int) -> list[bool]:
        """Pass over checksums; which of `count` things have one."""
        defined = [True] * count if self.octet() else self.bits(count)
        self.skip(4 * sum(defined))
        return defined

    def _substreams(self, streams: Streams) -> None:
        """Pass over how files share folders."""
        counts = [1] * len(streams.folders)
        kind = self.octet()
        if kind == UNPACK_STREAMS:
            counts = [self.count() for _ in counts]
            kind = self.octet()
        if kind == SIZE:
            for _ in range(self._bounded(sum(max(count - 1, 0) for count in counts))):
                self.number()
            kind = self.octet()
        if kind == CRC:
            # a folder of one file that has a checksum itself needs none for the file
            unknown = (
                count
                for count, has_one in zip(counts, streams.has_checksum, strict=False)
                if not (has_one and count == 1)
            )
            self._digests(self._bounded(sum(unknown)))
            kind = self.octet()
        if kind != END:
            raise IndexError
