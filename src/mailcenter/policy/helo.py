"""What a client's greeting and name tell about it (RFC 5321 sections 2.3.5 and 4.1.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

OWN_NAME: Final = "own-name"
BARE_ADDRESS: Final = "bare-address"
WRONG_LITERAL: Final = "wrong-literal"
DYNAMIC_POOL: Final = "dynamic-pool"

FALSE: Final = {
    OWN_NAME: "that is our own name",
    BARE_ADDRESS: "an address stands in brackets",
    WRONG_LITERAL: "that is not your address",
}
"""Faults that no mail server has, with the words for the sender. A dynamic pool is none of them, only a sign."""

_POOL_WORD: Final = re.compile(
    r"(?:^|[.\-_\d])(?:dyn(?:amic)?|dhcp|dial(?:up|in)?|ppp(?:oe)?|[avx]?dsl|cable|pool|client|customer|cust|home|"
    r"broadband|res(?:idential)?)(?=[.\-_\d]|ip|$)"
)
_DIGITS: Final = re.compile(r"\d+")


def helo_faults(helo: str, client: str, host_name: str, ptr: str = "") -> tuple[str, ...]:
    """The faults of a greeting. `ptr`: the client's name by reverse DNS."""
    name = helo.lower().removesuffix(".")
    found = []
    if name == host_name:
        found.append(OWN_NAME)
    elif _address(name) is not None:
        found.append(BARE_ADDRESS)
    elif name.startswith("[") and _literal(name) != _address(client):
        found.append(WRONG_LITERAL)
    if any(looks_dynamic(each, client) for each in (name, ptr)):
        found.append(DYNAMIC_POOL)
    return tuple(found)


def looks_dynamic(name: str, client: str) -> bool:
    """Whether a name is made from the IPv4 address and a word for lines of households, as `dsl-1-2-3-4.isp.example`."""
    address = _address(client)
    if not isinstance(address, IPv4Address) or name.startswith("["):
        return False
    octets = {int(octet) for octet in str(address).split(".")[2:]}
    numbers = {int(digits) for digits in _DIGITS.findall(name) if len(digits) <= 3}
    return octets <= numbers and _POOL_WORD.search(name) is not None


def _literal(name: str) -> IPv4Address | IPv6Address | None:
    inside = name.removeprefix("[").removesuffix("]")
    return _address(inside.removeprefix("ipv6:")) if name.endswith("]") else None


@lru_cache(maxsize=1024)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
