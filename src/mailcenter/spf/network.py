"""Addresses and the networks that hold them, as numbers: a record of a large sender lists many."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Network:
    """`version`: 4 or 6; `shift`: bits that are free."""

    version: int
    prefix: int
    shift: int

    def holds(self, address: Address) -> bool:
        return address.version == self.version and int(address) >> self.shift == self.prefix


def network_of(address: Address, length: int) -> Network:
    """The network of so many bits around an address."""
    shift = address.max_prefixlen - length
    return Network(address.version, int(address) >> shift, shift)


def plain(address: Address) -> Address:
    """The address; an IPv4 one that is mapped into IPv6 as the IPv4 one (RFC 7208 section 5)."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def are_near(client: Address, found: str, length: int) -> bool:
    """Whether an address of the DNS shares so many first bits with the client's."""
    try:
        address = ip_address(found)
    except ValueError:
        return False
    return network_of(address, length).holds(client) if address.version == client.version else False
