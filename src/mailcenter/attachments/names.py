"""See through a file name as the recipient's system will: what extension will decide what happens on a double click."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

import msgspec

LONGEST_NAME: Final = 1_024  # characters that are looked at, from the end: the extension is there
LONGEST_SHOWN: Final = 255

_DIRECTION_MARKS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_CLASS_ID: Final = re.compile(r"\.\{[0-9a-f]{8}-[0-9a-f-]{27}\}\Z", re.IGNORECASE)
# what Windows takes off the end of a name, and what clients put around it
_TRAILING: Final = " .\t\r\n\u00a0\u3000'\"<>"
_DOCUMENTS: Final = "pdf doc docx xls xlsx ppt pptx odt ods rtf txt csv htm html xml zip"
_MEDIA: Final = "jpg jpeg png gif bmp tif tiff svg mp3 mp4 avi mov"
_HARMLESS_LOOKING: Final = frozenset(f"{_DOCUMENTS} {_MEDIA}".split())


class Match(msgspec.Struct, frozen=True):
    """A name that ends in a listed extension: lower case, without dot. `disguises` says how that was hidden."""

    extension: str
    disguises: tuple[str, ...]

    @property
    def detail(self) -> str:
        """For the finding: `.exe`, or `.exe (double extension)`."""
        return f".{self.extension}" + (f" ({', '.join(self.disguises)})" if self.disguises else "")


def match_extension(name: str, extensions: frozenset[str]) -> Match | None:
    """The listed extension with which `name` would be opened, under any of the readings systems give it."""
    tail = name[-LONGEST_NAME:]
    for reading, disguise in _readings(tail):
        compact = _visible(reading).rstrip(_TRAILING)
        if _CLASS_ID.search(compact):
            return Match("{class id}", ("class identifier",))
        stem, dot, extension = compact.rpartition(".")
        extension = extension.strip().lower()
        if dot and extension in extensions:
            return Match(extension, tuple(_disguises(tail, stem, disguise)))
    return None


def extension_of(name: str) -> str:
    """The extension as it is meant: lower case, without dot; empty where there is none."""
    stem, dot, extension = _visible(name[-LONGEST_NAME:]).rstrip(_TRAILING).rpartition(".")
    return extension.lower() if dot and stem else ""


def shown(name: str) -> str:
    """The name fit for a notice or a log line: one line, no marks that turn the direction, at most 255 characters."""
    text = _visible(name).strip()
    return text if len(text) <= LONGEST_SHOWN else "…" + text[1 - LONGEST_SHOWN :]


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """The name itself, then what is left of it by systems that stop at a NUL, know streams, or decode once more."""
    yield name, ""
    if "\0" in name:
        yield name.partition("\0")[0], "NUL"
    if ":" in name:
        for piece in name.split(":")[:20]:
            yield piece, "alternate stream"
    if "%" in name:
        yield unquote(name), "percent encoding"


def _visible(name: str) -> str:
    """Compatibility forms folded (full-width letters), controls and invisible marks (Cc, Cf, Cs) taken out."""
    if name.isascii() and name.isprintable():
        return name
    folded = unicodedata.normalize("NFKC", name)
    return "".join(character for character in folded if unicodedata.category(character) not in {"Cc", "Cf", "Cs"})


def _disguises(name: str, stem: str, disguise: str) -> Iterator[str]:
    if disguise:
        yield disguise
    if _DIRECTION_MARKS.search(name):
        yield "right-to-left mark"
    if extension_of(stem) in _HARMLESS_LOOKING:
        yield "double extension"
    if name != name.rstrip(_TRAILING):
        yield "trailing dots or spaces"
    elif "   " in name:
        yield "blanks"
