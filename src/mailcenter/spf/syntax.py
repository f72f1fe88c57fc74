"""Read an SPF record (RFC 7208 sections 4.5, 4.6, 5, 6, and 12 for the grammar)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final, cast

from mailcenter.spf.errors import PermError
from mailcenter.spf.macro import MacroString, parse_domain_spec, parse_macro_string
from mailcenter.spf.network import network_of
from mailcenter.spf.record import Mechanism, Name, Record

VERSION: Final = "v=spf1"
_KEPT: Final = 4096
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)\Z", re.IGNORECASE | re.DOTALL)
_MECHANISM: Final = re.compile(r"([+?~-]?)([a-z0-9]+)([:/].*)?\Z", re.IGNORECASE | re.DOTALL)
_DUAL_LENGTH: Final = re.compile(r"(.*?)(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?\Z", re.DOTALL)
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,2})\Z")


def is_record(text: str) -> bool:
    """Whether a TXT record is one of SPF: others are passed over (section 4.5)."""
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) : len(VERSION) + 1] in {"", " "}


@lru_cache(maxsize=_KEPT)
def parse_record(text: str) -> Record:
    """Read a record for which `is_record` holds. Errors anywhere in it count, before anything is evaluated.

    Raises:
        PermError: what is wrong.
    """
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, MacroString] = {}
    for term in filter(None, text[len(VERSION) :].split(" ")):
        if found := _MODIFIER.match(term):
            name = found[1].lower()
            if name not in {"redirect", "exp"}:
                parse_macro_string(found[2])
            elif name in modifiers:
                raise PermError(f"{name}= stands twice")
            else:
                modifiers[name] = parse_domain_spec(found[2])
        else:
            mechanisms.append(_mechanism(term))
    has_all = any(one.name == "all" for one in mechanisms)
    return Record(tuple(mechanisms), None if has_all else modifiers.get("redirect"))


def _mechanism(term: str) -> Mechanism:
    found = _MECHANISM.match(term)
    read = _READERS.get(found[2].lower()) if found else None
    if found is None or read is None:
        raise PermError(f"no term: {term[:60]!r}")
    return read(found[1], cast(Name, found[2].lower()), found[3] or "", term)


def _alone(qualifier: str, name: Name, rest: str, text: str) -> Mechanism:
    if rest:
        raise PermError(f"{name} takes nothing: {text[:60]!r}")
    return Mechanism(name, qualifier, text)


def _with_domain(qualifier: str, name: Name, rest: str, text: str) -> Mechanism:
    if not rest.startswith(":"):
        raise PermError(f"{name} needs a domain")
    return Mechanism(name, qualifier, text, parse_domain_spec(rest[1:]))


def _ptr(qualifier: str, name: Name, rest: str, text: str) -> Mechanism:
    return _with_domain(qualifier, name, rest, text) if rest else Mechanism(name, qualifier, text)


def _hosts(qualifier: str, name: Name, rest: str, text: str) -> Mechanism:
    parts = cast(re.Match[str], _DUAL_LENGTH.match(rest))
    if parts[1] and not parts[1].startswith(":"):
        raise PermError(f"no prefix length: {text[:60]!r}")
    domain = parse_domain_spec(parts[1][1:]) if parts[1] else None
    return Mechanism(
        name, qualifier, text, domain, length4=_length(parts[2], most=32), length6=_length(parts[3], most=128)
    )


def _network(qualifier: str, name: Name, rest: str, text: str) -> Mechanism:
    address, slash, length = rest[1:].partition("/")
    try:
        if not rest.startswith(":") or "%" in address:
            raise AddressValueError
        base = IPv4Address(address) if name == "ip4" else IPv6Address(address)
    except AddressValueError:
        raise PermError(f"no address: {text[:60]!r}") from None
    bits = _length(length if slash else None, most=base.max_prefixlen)
    return Mechanism(name, qualifier, text, network=network_of(base, bits))


def _length(digits: str | None, *, most: int) -> int:
    if digits is None:
        return most
    if not _NUMBER.match(digits) or int(digits) > most:
        raise PermError(f"no prefix length: {digits[:10]!r}")
    return int(digits)


_READERS: Final[dict[str, Callable[[str, Name, str, str], Mechanism]]] = {
    "all": _alone,
    "include": _with_domain,
    "exists": _with_domain,
    "a": _hosts,
    "mx": _hosts,
    "ptr": _ptr,
    "ip4": _network,
    "ip6": _network,
}
