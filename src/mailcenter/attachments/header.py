"""The header of a MIME part as far as attachments need it: type, encoding, boundary, and every name it gives a file.

RFC 2045, RFC 2183, RFC 2231, RFC 2047, and what programs write instead of them.
"""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

LONGEST_VALUE: Final = 65_536  # octets of one field
LONGEST_PARAMETER: Final = 4_096  # octets of one value; names in it are cut in front by their reader
MOST_PARAMETERS: Final = 200
MOST_FIELDS: Final = 50  # of those that are looked at; five would be many
MOST_BOUNDARIES: Final = 8

_FIELD: Final = re.compile(
    rb"\n(content-(?:type|disposition|transfer-encoding))[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE
)
_PARAMETER: Final = re.compile(
    rb';\s*([^\s=;*"]{1,64})(?:\*(\d{1,3}))?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL
)
_BOUNDARY: Final = re.compile(rb';\s*boundary\s*=\s*("[^"]*"?|[^;]*)', re.IGNORECASE)
_TYPE: Final = re.compile(rb"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*/\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)")
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_ENCODED_WORD: Final = re.compile(r"=\?([^?*\s]{1,64})(?:\*[^?\s]{0,32})?\?([bBqQ])\?([^?]*)\?=(?:\s+(?==\?))?")


class PartHeader(msgspec.Struct, frozen=True):
    """`content_type` in lower case, empty where there is none. `encoding` in lower case. `names`: each once.

    `boundaries` are those of a multipart: as it was written, and as other readers would take it.
    `is_cut`: there are more fields than were read.
    """

    content_type: str = ""
    encoding: str = ""
    boundaries: tuple[bytes, ...] = ()
    names: tuple[str, ...] = ()
    is_cut: bool = False


def read_header(block: bytes) -> PartHeader:
    """Read the header; `block` begins with the line break before its first line.

    Where a field stands more than once, its names count from all of them; a multipart type counts before others.
    """
    content_type, encoding = "", ""
    boundaries: tuple[bytes, ...] = ()
    names: dict[str, None] = {}
    is_cut = False
    for count, match in enumerate(_FIELD.finditer(block)):
        if count >= MOST_FIELDS:
            is_cut = True
            break
        field, value = match[1].lower(), _FOLD.sub(b" ", match[2][:LONGEST_VALUE])
        if field == b"content-transfer-encoding":
            encoding = encoding or value.partition(b";")[0].strip().decode("latin-1").lower()
            continue
        parameters = _parameters(value)
        for key in ("filename", "name"):
            for name in parameters.get(key, ()):
                names.setdefault(decoded_words(name))
        if field == b"content-type":
            this_type = _media_type(value)
            if not content_type or (this_type.startswith("multipart/") and not boundaries):
                content_type = this_type
            if this_type.startswith("multipart/"):
                boundaries = tuple(dict.fromkeys((*boundaries, *_boundaries(value, parameters))))[:MOST_BOUNDARIES]
    return PartHeader(content_type, encoding, boundaries, tuple(name for name in names if name), is_cut)


def decoded_words(text: str) -> str:
    """The text with its encoded words decoded, also inside quotes, where RFC 2047 has none but programs write them."""
    if "=?" not in text:
        return text
    return _ENCODED_WORD.sub(_decoded_word, text)


def decoded(octets: bytes, charset: str = "") -> str:
    """The octets as text by their charset; by UTF-8, else Latin-1, where it is missing, unknown or wrong."""
    for name in (charset, "utf-8"):
        try:
            return octets.decode(name) if name else octets.decode("ascii")
        except (LookupError, ValueError):
            continue
    return octets.decode("latin-1")


def _decoded_word(match: re.Match[str]) -> str:
    charset, kind, text = match.groups()
    octets = text.encode("latin-1", "replace")
    if kind in "qQ":
        return decoded(a2b_qp(octets, header=True), charset)
    try:
        return decoded(a2b_base64(octets + b"=="), charset)
    except Base64Error:
        return match[0]


def _boundaries(value: bytes, parameters: dict[str, list[str]]) -> list[bytes]:
    """Every reading of the boundary: as octets, without a comment or blank after it, joined by RFC 2231."""
    readings = [_unquoted(match[1]) for match in _BOUNDARY.finditer(value)]
    readings += [reading.split(None, 1)[0] for reading in readings if reading.strip()]
    readings += [text.encode() for text in parameters.get("boundary", ())]
    return [reading.rstrip() for reading in readings if reading.strip()]


def _media_type(value: bytes) -> str:
    match = _TYPE.match(value)
    return f"{match[1].decode()}/{match[2].decode()}".lower() if match else ""


def _parameters(value: bytes) -> dict[str, list[str]]:
    """All values of each parameter; the sections of RFC 2231 joined in the order of their numbers."""
    plain: dict[str, list[str]] = {}
    sections: dict[str, dict[int, tuple[bool, bytes]]] = {}
    for number, match in enumerate(_PARAMETER.finditer(value)):
        if number >= MOST_PARAMETERS:
            break
        key = match[1].decode("latin-1").lower()
        text = _unquoted(match[4])
        if match[2] is None and match[3] is None:
            plain.setdefault(key, []).append(decoded(text))
        else:
            sections.setdefault(key, {}).setdefault(int(match[2] or b"0"), (match[3] is not None, text))
    for key, pieces in sections.items():
        plain.setdefault(key, []).insert(0, _joined([pieces[index] for index in sorted(pieces)]))
    return plain


def _joined(pieces: list[tuple[bool, bytes]]) -> str:
    """RFC 2231 section 4.1: the charset stands before the first piece; each piece may be percent-encoded."""
    charset = b""
    octets: list[bytes] = []
    for index, (is_extended, text) in enumerate(pieces):
        rest = text
        if is_extended and index == 0 and text.count(b"'") >= 2:
            charset, _, rest = text.split(b"'", 2)
        octets.append(unquote_to_bytes(rest) if is_extended else rest)
    return decoded(b"".join(octets), charset.decode("latin-1"))


def _unquoted(text: bytes) -> bytes:
    text = text.strip()
    if text.startswith(b'"'):
        text = text[1:].removesuffix(b'"')
        if b"\\" in text:
            text = re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL)
    return text[-LONGEST_PARAMETER:] if len(text) > LONGEST_PARAMETER else text
