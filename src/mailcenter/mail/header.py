"""Header fields for the ledger and the rules: decoded and bounded, and never an exception, whatever a mail holds.

The message itself is never changed by what is read here.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Field = tuple[bytes, bytes]
"""Name and value of a header field as they stood, folded lines separated by LF."""

LONGEST_VALUE: Final = 8192
"""Octets of a value that are looked at."""
LONGEST_TEXT: Final = 998
"""Characters that come out at the most."""

_NO_CHARSETS: Final = {"unicode_escape", "raw_unicode_escape", "undefined", "idna", "punycode"}
"""Codecs of Python that are no character sets of mail."""

_ENCODED_WORD: Final = re.compile(rb"=\?([!-<>@-~]{1,60})\?([bBqQ])\?([ -~]{0,2000}?)\?=")
_BETWEEN_WORDS: Final = re.compile(rb"(\?=)\s+(?==\?[!-<>@-~]{1,60}\?[bBqQ]\?)")
_Q_ESCAPE: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_SPECIAL: Final = re.compile(r'[()"\\<>,;:]')


class Header:
    """The fields in their order, and by name: case does not matter, nor blanks before the colon (RFC 5322 section 4.5).

    The rules ask for some twenty names of each mail, so the names are read once, as they come.
    """

    __slots__ = ("_by_name", "_fields")

    def __init__(self, fields: Iterable[Field] = ()) -> None:
        self._fields: list[Field] = []
        self._by_name: dict[bytes, list[bytes]] = {}
        for name, value in fields:
            self.add(name, value)

    def add(self, name: bytes, value: bytes) -> None:
        """One more field, after the others."""
        self._fields.append((name, value))
        lower = name.lower()
        if lower.endswith((b" ", b"\t")):
            lower = lower.rstrip()
        if lower in self._by_name:
            self._by_name[lower].append(value)
        else:
            self._by_name[lower] = [value]

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def names(self) -> Iterable[bytes]:
        """Every name once, in lower case."""
        return self._by_name.keys()

    def values(self, name: bytes) -> Sequence[bytes]:
        """The values of all fields of this name (lower case), in their order."""
        return self._by_name.get(name, ())


def values_of(header: Header, name: bytes) -> Sequence[bytes]:
    """The values of all fields of this name (lower case), in their order."""
    return header.values(name)


def first_text(header: Header, name: bytes) -> str:
    """The first field of this name (lower case) as text; empty where there is none."""
    values = header.values(name)
    return decoded(values[0]) if values else ""


def decoded(value: bytes) -> str:
    """A field's value for people: unfolded, encoded words (RFC 2047) decoded, control characters as blanks.

    Bytes outside ASCII are read as UTF-8 (RFC 6532) with replacement characters where they are none.
    """
    if b"=?" not in value:
        return plain_text(value[:LONGEST_VALUE].decode("utf-8", "replace"))
    joined = _BETWEEN_WORDS.sub(rb"\1", value[:LONGEST_VALUE])
    parts = []
    last = 0
    for word in _ENCODED_WORD.finditer(joined):
        text = _decoded_word(*word.groups())
        if text is None:
            continue
        parts += [joined[last : word.start()].decode("utf-8", "replace"), text]
        last = word.end()
    parts.append(joined[last:].decode("utf-8", "replace"))
    return plain_text("".join(parts))


def plain_text(text: str) -> str:
    """Text that a log, a screen and a database can hold: on one line, no control characters or lone surrogates."""
    clean = text if text.isprintable() else _CONTROL.sub(" ", text)
    return clean.strip()[:LONGEST_TEXT]


def _decoded_word(charset: bytes, encoding: bytes, data: bytes) -> str | None:
    name = charset.decode("ascii").partition("*")[0]  # RFC 2231 section 5: a language may follow
    try:
        if encoding in b"bB":
            raw = base64.b64decode(data + b"=" * (-len(data) % 4))
        else:
            raw = _Q_ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), data.replace(b"_", b" "))
        codec = codecs.lookup(name).name.replace("-", "_")
        if codec in _NO_CHARSETS:
            return None
        return raw.decode("utf-8" if codec == "ascii" else codec, "replace")
    except (LookupError, ValueError, TypeError, binascii.Error, OSError):
        return None  # an unknown character set (or one that is no text at all): shown as it stands


def addresses_in(value: bytes) -> list[str]:
    """The addr-specs in a From, Sender or Resent-From field (RFC 5322 section 3.4), as they stand, without names.

    What cannot be understood gives no entry. Never an exception.
    """
    text = value[:LONGEST_VALUE].decode("utf-8", "replace")
    found: list[str] = []
    for mailbox in _split_mailboxes(_without_comments(text)):
        inside = mailbox.rpartition("<")
        address = inside[2].partition(">")[0] if inside[1] else mailbox
        address = "".join(address.split()) if '"' not in address else address.strip()
        if "@" in address:
            found.append(plain_text(address.rpartition(":")[2] if address.startswith("@") else address))
    return found


def _without_comments(text: str) -> str:
    """Text without RFC 5322 comments; quoted strings stay."""
    if "(" not in text and ")" not in text:
        return text
    kept: list[str] = []
    depth, quoted, position = 0, False, 0
    while position < len(text):
        character = text[position]
        width = 2 if character == "\\" and (depth or quoted) else 1
        if not quoted and character in "()":
            depth = max(0, depth + (1 if character == "(" else -1))
        elif not depth:
            quoted ^= character == '"'
            kept.append(text[position : position + width])
        position += width
    return "".join(kept)


def _split_mailboxes(text: str) -> list[str]:
    """Split at the commas, colons of groups and semicolons that stand outside quotes and angle brackets."""
    parts, start, position = [], 0, 0
    quoted, angled = False, False
    while (special := _SPECIAL.search(text, position)) is not None:
        position = special.end()
        character = special[0]
        if character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "<>":
            angled = character == "<"
        elif not quoted and not angled and character in ",;:":
            parts.append(text[start : special.start()])
            start = special.end()
    parts.append(text[start:])
    return [_drop_quoted_name(part) for part in parts if part.strip()]


def _drop_quoted_name(mailbox: str) -> str:
    """Without a quoted display name, which could hold angle brackets of its own."""
    stripped = mailbox.strip()
    if not stripped.startswith('"'):
        return stripped
    name = re.match(r'"(?:[^"\\]|\\.)*"', stripped)
    rest = stripped[name.end() :] if name else ""
    return rest if "<" in rest else stripped
