"""Domain names in mail: one form (lower case, A-labels) for comparing and storing, another (U-labels) for people."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

import idna

LONGEST_DOMAIN: Final = 253  # characters of a name, RFC 1035 section 2.3.4 without length octets
REMEMBERED: Final = 4096
"""Domains read lately: each of a mail's is met several times, and the next mail has most of them again."""

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_LENIENT_LABEL: Final = re.compile(r"[a-z0-9_-]{1,63}\Z")


class DomainError(ValueError):
    """Not a domain name; `str()` says why in words for people."""


def normalise_domain(text: str) -> str:
    """A domain that somebody wants to add: lower case, A-labels (RFC 5891), at least two labels, no trailing dot.

    Raises:
        DomainError: with the reason.
    """
    name = _ascii(text.strip().removesuffix("."))
    labels = name.split(".")
    if len(labels) < 2:
        raise DomainError("a domain has at least two parts, as in example.org")
    for label in labels:
        if not _LABEL.match(label):
            raise DomainError(
                "each part between dots has 1 to 63 letters, digits or hyphens, and no hyphen at its ends"
            )
        if label.startswith("xn--") and to_unicode(label) == label:
            raise DomainError("a part that begins with xn-- is no valid encoded name")
    if labels[-1].isdigit():
        raise DomainError("a domain name does not end in a number")
    return name


@lru_cache(maxsize=REMEMBERED)
def lenient_domain(text: str) -> str:
    """A domain as it comes over the wire: as above, but what merely looks odd (underscores, one label) passes.

    Address literals (`[192.0.2.1]`, `[IPv6:2001:db8::1]`; RFC 5321 section 4.1.3) are kept, in lower case.

    Raises:
        DomainError: with the reason.
    """
    if text.startswith("["):
        return _literal(text)
    name = _ascii(text)
    if not all(_LENIENT_LABEL.match(label) for label in name.split(".")):
        raise DomainError("the domain is not a valid name")
    return name


def to_unicode(domain: str) -> str:
    """The domain with U-labels; a label that cannot be decoded stays as it is."""
    if "xn--" not in domain:
        return domain
    return ".".join(_label_to_unicode(label) for label in domain.split("."))


def _label_to_unicode(label: str) -> str:
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _ascii(text: str) -> str:
    name = text.lower()
    if not text.isascii():
        try:
            name = idna.encode(text, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise DomainError("the domain holds characters that are not allowed there") from None
    if not name:
        raise DomainError("the domain is empty")
    if len(name) > LONGEST_DOMAIN:
        raise DomainError("the domain is longer than 253 characters")
    return name


def _literal(text: str) -> str:
    inner = text[1:-1].lower()
    try:
        if not text.endswith("]"):
            raise AddressValueError
        if inner.startswith("ipv6:"):
            return f"[ipv6:{IPv6Address(inner.removeprefix('ipv6:'))}]"
        return f"[{IPv4Address(inner)}]"
    except AddressValueError:
        raise DomainError("the address literal is not valid") from None
