"""Macro strings (RFC 7208 section 7): read once, expanded for each message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from mailcenter.spf.errors import PermError

Values = Mapping[str, str]
"""What each macro letter (lower case) stands for."""

_TOKEN: Final = re.compile(
    r"%\{(?P<letter>[slodiphcrtv])(?P<digits>[0-9]*)(?P<reverse>r?)(?P<delimiters>[.\-+,/_=]*)\}"
    r"|%(?P<escape>[%_-])"
    r"|(?P<literal>[\x21-\x24\x26-\x7e]+)",
    re.IGNORECASE,
)
_ESCAPES: Final = {"%": "%", "_": " ", "-": "%20"}
_TOP_LABEL: Final = re.compile(r"\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?\Z", re.IGNORECASE)
_ONLY_IN_EXPLANATIONS: Final = frozenset("crt")
_MOST_DIGITS: Final = 6
"""Of a number of parts; a name has no more than 127, so that what stands before is a count of all."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """`%{letter …}`. `kept`: so many parts from the right, 0 for all; `escaped`: the letter was upper case."""

    letter: str
    kept: int
    is_reversed: bool
    delimiters: str
    escaped: bool

    def of(self, values: Values) -> str:
        value = values[self.letter]
        if self.kept or self.is_reversed or self.delimiters != ".":
            parts = re.split(f"[{re.escape(self.delimiters)}]", value)
            if self.is_reversed:
                parts.reverse()
            value = ".".join(parts[-self.kept :] if self.kept else parts)
        return quote(value, safe="") if self.escaped else value


Token = str | Expansion


@dataclass(frozen=True, slots=True)
class MacroString:
    """Literals and expansions in their order."""

    tokens: tuple[Token, ...]

    def uses(self, letter: str) -> bool:
        """Whether the letter's value is needed."""
        return any(isinstance(token, Expansion) and token.letter == letter for token in self.tokens)

    @property
    def is_literal(self) -> bool:
        return all(isinstance(token, str) for token in self.tokens)

    def expand(self, values: Values) -> str:
        """The text that it stands for."""
        return "".join(token if isinstance(token, str) else token.of(values) for token in self.tokens)


def parse_macro_string(text: str) -> MacroString:
    """Read a `macro-string` that is no explanation.

    Raises:
        PermError: it is none.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise PermError(f"no macro string: {text[position : position + 40]!r}")
        tokens.append(_token(found))
        position = found.end()
    return MacroString(tuple(tokens))


def parse_domain_spec(text: str) -> MacroString:
    """Read a `domain-spec`: a macro string that ends in a macro or in a top label.

    Raises:
        PermError: it is none.
    """
    found = parse_macro_string(text)
    end = list(_TOKEN.finditer(text))[-1] if found.tokens else None
    if end is None or (end["literal"] is not None and not _TOP_LABEL.search(end["literal"])):
        raise PermError(f"no domain: {text[:60]!r}")
    return found


def _token(found: re.Match[str]) -> Token:
    if found["literal"] is not None:
        return found["literal"]
    if found["escape"] is not None:
        return _ESCAPES[found["escape"]]
    letter = found["letter"].lower()
    if letter in _ONLY_IN_EXPLANATIONS:
        raise PermError(f"%{{{letter}}} is for explanations only")
    digits = found["digits"]
    kept = int(digits.lstrip("0")[:_MOST_DIGITS] or 0)
    if digits and not kept:
        raise PermError("a macro that keeps no part")
    return Expansion(letter, kept, bool(found["reverse"]), found["delimiters"] or ".", found["letter"].isupper())
