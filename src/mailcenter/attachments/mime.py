"""Walk over the parts of a message in one pass, without recursion: RFC 2046, lenient.

Each delimiter line and each blank line is found once, so the time is linear in the size of the message however its
parts are nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from mailcenter.attachments.findings import Limits, Reason
from mailcenter.attachments.header import PartHeader, read_header

MESSAGE_TYPES: Final = frozenset({"message/rfc822", "message/global", "message/news"})

_IDENTITY: Final = frozenset({"", "7bit", "8bit", "binary"})
_DELIMITER: Final = re.compile(rb"[\r\n]--([^\r\n]{1,4100})")
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
# A line among header fields that is neither one nor goes on with one: some programs take it for the first of the body,
# and one that holds only blanks for the line before the body.
_NO_FIELD: Final = re.compile(rb"\n(?:[ \t]+\r?\n|(?![!-9;-~]+[ \t]*:|[ \t\r\n]|\Z|From ))")


class Part(msgspec.Struct, frozen=True):
    """One part. `body` is still encoded, and empty for multiparts and for messages that are walked in place.

    `problem` names a limit that this part goes beyond: part or header is then read only in part.
    """

    header: PartHeader
    body: bytes = b""
    problem: Reason | None = None
    detail: str = ""


class _Level(msgspec.Struct, frozen=True):
    """An open multipart; or, without boundaries, a message whose body is being walked."""

    boundaries: tuple[bytes, ...]
    is_digest: bool = False


def walk_parts(message: bytes, limits: Limits) -> Iterator[Part]:
    """The parts in their order; the first is the message itself. Ends after a part with the problem TOO_MANY."""
    return _Walker(message, limits).parts()


class _Walker:
    def __init__(self, message: bytes, limits: Limits) -> None:
        self._data = b"\n" + message  # so that each header begins with the line break before it
        self._limits = limits
        self._levels: list[_Level] = []
        self._depths: dict[bytes, list[int]] = {}
        self._delimiters = _delimiter_lines(self._data, 0)
        self._delimiter = next(self._delimiters, None)
        self._blank: re.Match[bytes] | None = None
        self._blanks_are_over = False

    def parts(self) -> Iterator[Part]:
        start: int | None = 0
        count = 0
        while start is not None:
            count += 1
            if count > self._limits.parts:
                yield Part(PartHeader(), problem=Reason.TOO_MANY, detail=f"more than {self._limits.parts} parts")
                return
            header_end, body_start = self._header_bounds(start)
            block = self._data[start : min(header_end, start + self._limits.header)]
            header = read_header(block)
            if header.boundaries and (cut := _own_delimiter(block, header.boundaries)) > 0:
                # the blank line is missing: what follows are the parts already
                header, body_start = read_header(block[:cut]), start + cut + 1
                self._delimiters = _delimiter_lines(self._data, start + cut)
                self._delimiter = next(self._delimiters, None)
            if header.is_cut or header_end - start > self._limits.header:
                yield Part(header, problem=Reason.TOO_LARGE, detail="a header too long to be read")
            content_type = header.content_type or self._default_type()
            is_container = content_type.startswith("multipart/") and header.boundaries
            is_message = content_type in MESSAGE_TYPES and header.encoding in _IDENTITY
            if (is_container or is_message) and len(self._levels) >= self._limits.nesting:
                yield Part(header, problem=Reason.TOO_DEEP, detail=f"more than {self._limits.nesting} levels of parts")
                start = self._next_start(body_start - 1)
            elif is_message:
                yield Part(header)
                self._open(_Level(()))
                start = body_start - 1
            else:
                if is_container:
                    self._open(_Level(header.boundaries, content_type == "multipart/digest"))
                end = self._skip_to_delimiter(body_start - 1)  # the line break may be that of the blank line
                yield self._part(header, body_start, end)
                if not is_container and (junk := _NO_FIELD.search(block)) is not None:
                    yield Part(header, self._data[start + junk.end() : end])
                start = self._next_start(body_start - 1)

    def _part(self, header: PartHeader, start: int, end: int) -> Part:
        """The part of this body; a multipart whose delimiter is nowhere is given as the text that it is."""
        known = self._known(self._delimiter[1]) if header.boundaries and self._delimiter else None
        if known is not None and known[0] in header.boundaries:
            return Part(header)
        if header.boundaries and self._data[start:end].strip():
            return Part(header, self._data[start:end], Reason.UNREADABLE, "a multipart without parts")
        return Part(header, self._data[start:end])

    def _header_bounds(self, start: int) -> tuple[int, int]:
        """Where the header that begins at `start` ends, and where its body begins: at a blank line or a delimiter."""
        if self._blank is None or self._blank.start() < start:
            self._blank = None if self._blanks_are_over else _BLANK_LINE.search(self._data, start)
            self._blanks_are_over = self._blank is None
        end, body = (self._blank.start() + 1, self._blank.end()) if self._blank else (len(self._data),) * 2
        delimiter = self._skip_to_delimiter(start, end)
        return (delimiter, delimiter) if delimiter < end else (end, body)

    def _skip_to_delimiter(self, start: int, end: int | None = None) -> int:
        """The place of the next line that is a delimiter of an open multipart; `end` where none comes before it."""
        limit = len(self._data) if end is None else end
        while (match := self._delimiter) is not None and match.start() < limit:
            if match.start() >= start and self._known(match[1]) is not None:
                return match.start()
            self._delimiter = next(self._delimiters, None)
        return limit

    def _known(self, line: bytes) -> tuple[bytes, bool] | None:
        """The boundary of a delimiter line, and whether it closes its multipart."""
        text = line.rstrip()
        if text in self._depths:
            return text, False
        if text.endswith(b"--") and text[:-2] in self._depths:
            return text[:-2], True
        return None

    def _next_start(self, position: int) -> int | None:
        """Go to the next delimiter that opens a part, closing what ends on the way; None at the end of the message."""
        while True:
            self._skip_to_delimiter(position)
            match = self._delimiter
            known = self._known(match[1]) if match else None
            if match is None or known is None:
                return None
            boundary, is_closing = known
            depth = self._depths[boundary][-1]
            self._close_below(depth if is_closing else depth + 1)
            self._delimiter = next(self._delimiters, None)
            position = match.end()
            if not is_closing:
                # the line break after the delimiter belongs to the next header
                return self._data.find(b"\n", position) if b"\n" in self._data[position : position + 2] else position

    def _open(self, level: _Level) -> None:
        for boundary in level.boundaries:
            self._depths.setdefault(boundary, []).append(len(self._levels))
        self._levels.append(level)

    def _close_below(self, depth: int) -> None:
        while len(self._levels) > depth:
            for boundary in self._levels.pop().boundaries:
                self._depths[boundary].pop()
                if not self._depths[boundary]:
                    del self._depths[boundary]

    def _default_type(self) -> str:
        return "message/rfc822" if self._levels and self._levels[-1].is_digest else ""


def _delimiter_lines(data: bytes, position: int) -> Iterator[re.Match[bytes]]:
    """The lines that could be delimiters. Where no bare CR ends a line, they are found much faster than by a regex."""
    if data.find(b"\r--", position) >= 0:
        yield from _DELIMITER.finditer(data, position)
        return
    while (position := data.find(b"\n--", position)) >= 0:
        line = _DELIMITER.match(data, position)
        if line is not None:
            yield line
        position = line.end() if line is not None else position + 3


def _own_delimiter(block: bytes, boundaries: tuple[bytes, ...]) -> int:
    """Where, within a header, the first delimiter of its own multipart stands; -1 where none does."""
    places = [block.find(b"\n--" + boundary) for boundary in boundaries]
    return min((place for place in places if place >= 0), default=-1)
