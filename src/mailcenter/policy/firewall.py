"""Attackers in the words of nftables: a table that is replaced as a whole, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Final

NFT: Final = "/usr/sbin/nft"


def ruleset(table: str, ports: Iterable[int], networks: Iterable[str]) -> str:
    """Commands for `nft -f`: one transaction that replaces the table. `networks` in CIDR form."""
    found = sorted(map(ip_network, networks), key=lambda network: (network.version, network))
    listed = ", ".join(map(str, ports))
    return "\n".join(
        [
            removal(table),
            f"table inet {table} {{",
            _set("banned4", "ipv4_addr", [str(network) for network in found if network.version == 4]),
            _set("banned6", "ipv6_addr", [str(network) for network in found if network.version == 6]),
            "  chain input {",
            "    type filter hook input priority filter - 10; policy accept;",
            f"    tcp dport {{ {listed} }} ip saddr @banned4 counter drop",
            f"    tcp dport {{ {listed} }} ip6 saddr @banned6 counter drop",
            "  }",
            "}",
            "",
        ]
    )


def removal(table: str) -> str:
    """Commands that take the table away; made first, as one that is missing cannot be deleted."""
    return f"table inet {table}\ndelete table inet {table}\n"


def _set(name: str, kind: str, networks: list[str]) -> str:
    elements = f"    elements = {{ {', '.join(networks)} }}\n" if networks else ""
    return f"  set {name} {{\n    type {kind}\n    flags interval\n    auto-merge\n{elements}  }}"
