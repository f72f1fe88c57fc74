"""The Authentication-Results field (RFC 8601): ours is built, and foreign fields that bear our name are recognised."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from mailcenter.mail.domain import DomainError, lenient_domain

FIELD_NAME: Final = b"Authentication-Results"

_WORD: Final = r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+"  # a token of RFC 2045
_ADDRESS: Final = r"[!#$%&'*+.0-9A-Z^_`a-z{|}~/=?-]*@[A-Za-z0-9._-]+"
_BARE: Final = re.compile(rf"(?:{_WORD}|{_ADDRESS})\Z")
_HEADER_TEXT: Final = re.compile(r"[^\x20-\x7e]")


class Property(msgspec.Struct, frozen=True):
    """`ptype.name=value`, as in `smtp.mailfrom=a@b.example` (RFC 8601 section 2.3)."""

    ptype: str
    name: str
    value: str


class MethodResult(msgspec.Struct, frozen=True):
    """One method's result; `method` and `result` are words of the IANA registry. `comment`: words without brackets."""

    method: str
    result: str
    properties: tuple[Property, ...] = ()
    reason: str = ""
    comment: str = ""

    def __str__(self) -> str:
        words = [f"{self.method}={self.result}"]
        if self.comment:
            words.append(f"({self.comment})")
        if self.reason:
            words.append(f"reason={_quoted(self.reason)}")
        words += [f"{item.ptype}.{item.name}={_value(item.value)}" for item in self.properties]
        return " ".join(words)


def build(authserv_id: str, results: list[MethodResult]) -> bytes:
    """The field's value, one method per line, folded by LF and tab; `none` where nothing was checked (section 2.2)."""
    lines = [str(result) for result in results] or ["none"]
    return (authserv_id + ";\n\t" + ";\n\t".join(lines)).encode("ascii")


def claims_to_be_from(value: bytes, authserv_id: str) -> bool:
    """Whether a field of this value says it is from `authserv_id`, however it is folded, commented, quoted or cased.

    A field that cannot be read and yet holds our name is taken for forged as well (section 5).
    """
    text = value.decode("utf-8", "replace")
    word = _first_word(text)
    if word is None:
        return authserv_id in text.lower()
    try:
        return lenient_domain(word.removesuffix(".")) == authserv_id
    except DomainError:
        return authserv_id in word.lower()


def _first_word(text: str) -> str | None:
    """The first token or quoted string after comments and white space; None where the text is broken or empty."""
    position = _after_comments(text, 0)
    if position is None or position >= len(text):
        return None
    if text[position] == '"':
        quoted = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(text, position)
        return re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL) if quoted else None
    word = re.compile(r'[^\s;()"]+').match(text, position)
    return word[0] if word else None


def _after_comments(text: str, position: int) -> int | None:
    """Where the first character after white space and comments stands; None where a comment has no end."""
    depth = 0
    while position < len(text):
        character = text[position]
        if character == "(":
            depth += 1
        elif depth and character == ")":
            depth -= 1
        elif depth and character == "\\":
            position += 1
        elif not depth and not character.isspace():
            return position
        position += 1
    return None if depth else position


def _value(text: str) -> str:
    if _BARE.match(text):
        return text
    clean = _HEADER_TEXT.sub("?", text)
    return clean if _BARE.match(clean) else _quoted(clean)


def _quoted(text: str) -> str:
    escaped = _HEADER_TEXT.sub("?", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
