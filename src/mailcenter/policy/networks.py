"""The operators' list of client networks: always let through, or always refused."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Literal

NetworkWord = Literal["", "allow", "refuse"]


class NetworkList:
    """Finds the smallest network that holds an address: one lookup per length of prefix in use."""

    def __init__(self, entries: Iterable[tuple[str, Literal["allow", "refuse"]]] = ()) -> None:
        self._by_prefix: dict[tuple[int, int], dict[int, NetworkWord]] = {}
        for text, action in entries:
            network = ip_network(text)
            prefix = (network.version, network.max_prefixlen - network.prefixlen)
            self._by_prefix.setdefault(prefix, {})[int(network.network_address) >> prefix[1]] = action
        self._prefixes = sorted(self._by_prefix)

    def word(self, client: str) -> NetworkWord:
        """What the list says of a client's address; nothing of what is none."""
        if not self._prefixes:
            return ""
        try:
            address = ip_address(client)
        except ValueError:
            return ""
        version, bits = address.version, int(address)
        for prefix in self._prefixes:
            if prefix[0] == version and (action := self._by_prefix[prefix].get(bits >> prefix[1])):
                return action
        return ""
