"""The author domains of a message: the domains of the addresses in its From field (RFC 9989 section 5.3.1).

A reader of its own, because every difference between what we take for the author and what a mail program shows is a way
around DMARC. Where a field can be read in two ways, both domains are authors, and all of them must pass.
"""

from __future__ import annotations

import re
from typing import Final

from mailcenter.mail.address import AddressError, parse_address
from mailcenter.mail.domain import DomainError, lenient_domain

LONGEST_FIELD: Final = 100_000  # characters that are looked at
MOST_DOMAINS: Final = 10

_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")
_TOKEN: Final = re.compile(
    r"""  "(?:[^"\\]|\\.)*"?        # quoted string, also one that never ends
        | \[[^\]]*\]?             # domain literal
        | [()<>,;:]               # what has a meaning of its own
        | [^"()<>,;:\[]+          # everything else
    """,
    re.VERBOSE | re.DOTALL,
)


class TooManyAuthors(ValueError):  # noqa: N818 - not a failure of ours
    """More domains than anybody has reason to write."""


def author_domains(from_fields: list[str]) -> tuple[str, ...]:
    """The distinct domains in the values of a message's From fields, A-labels in lower case, in their order.

    None at all for a missing or unreadable field; the caller then has no author to hold responsible. Several where
    there are several addresses or several fields. Octets beyond ASCII may stand as surrogates.

    Raises:
        TooManyAuthors: more than ten.
    """
    domains: dict[str, None] = {}
    for field in from_fields:
        for text in _addresses(_FOLD.sub("", _text(field[:LONGEST_FIELD]))):
            domain = _domain_of(text)
            if domain:
                domains.setdefault(domain)
            if len(domains) > MOST_DOMAINS:
                raise TooManyAuthors(f"more than {MOST_DOMAINS} author domains")
    return tuple(domains)


def _text(field: str) -> str:
    """The field with its octets read as UTF-8 (RFC 6532), where it was decoded by `surrogateescape`."""
    try:
        return field.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # surrogates that stand for no octet
        return field.encode("utf-8", "replace").decode("utf-8")


def _addresses(field: str) -> list[str]:
    """The texts of all addresses: those in angle brackets, and bare ones where a list item has no brackets."""
    found: list[str] = []
    bare: list[str] = []
    inside: list[str] | None = None
    bracketed = False
    for piece in [*_without_comments(field), ","]:
        if inside is not None:
            if piece == ">":
                found.append("".join(inside))
                inside = None
            else:
                inside.append(piece)
        elif piece == "<":
            inside, bracketed = [], True
        elif piece in {",", ";"}:
            if not bracketed:
                found.append("".join(bare))
            bare, bracketed = [], False
        elif piece == ":":
            bare = []  # the name of a group ends here
        else:
            bare.append(piece)
    if inside is not None:
        found.append("".join(inside).rstrip(","))
    return found


def _without_comments(field: str) -> list[str]:
    pieces: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(field):
        piece = match[0]
        if piece == "(":
            depth += 1
        elif piece == ")" and depth:
            depth -= 1
        elif not depth:
            pieces.append(piece)
    return pieces


def _domain_of(text: str) -> str:
    """The domain of an address, also of one that is not quite right; empty where there is none."""
    compact = text.strip()
    try:
        domain = parse_address(compact).domain
    except AddressError:
        try:
            domain = (
                lenient_domain("".join(compact.rpartition("@")[2].split()).removesuffix(".")) if "@" in compact else ""
            )
        except DomainError:
            return ""
    return "" if domain.startswith("[") else domain
