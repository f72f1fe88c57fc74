"""The network that stands for a client: its own for rates and bans, its neighbourhood for greylisting."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

OWN: Final = {4: 32, 6: 64}
"""Prefixes of what is one client's: a site has at least a /64 (RFC 6177)."""
NEIGHBOURHOOD: Final = {4: 24, 6: 64}
"""Prefixes within which the servers of one provider come back with the same mail."""


@lru_cache(4096)
def parsed(address: str) -> IPv4Address | IPv6Address:
    """An address read once: each mail asks for that of its client several times.

    Raises:
        ValueError: it is no address.
    """
    return ip_address(address)


@lru_cache(4096)
def own_network(address: str) -> str:
    """The client's own network: an IPv4 address as it is, an IPv6 address as its /64 in CIDR form.

    Raises:
        ValueError: it is no address.
    """
    client = parsed(address)
    return str(client) if isinstance(client, IPv4Address) else _network(address, OWN)


@lru_cache(4096)
def neighbourhood(address: str) -> str:
    """The client's neighbourhood in CIDR form.

    Raises:
        ValueError: it is no address.
    """
    return _network(address, NEIGHBOURHOOD)


def _network(address: str, prefixes: dict[int, int]) -> str:
    return str(ip_network((address, prefixes[parsed(address).version]), strict=False))
