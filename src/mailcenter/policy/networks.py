"""Client networks and what is known of them: the smallest that holds an address counts."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Generic, Literal, TypeVar

from mailcenter.policy.client_network import parsed

NetworkWord = Literal["", "allow", "refuse"]
T = TypeVar("T")


class NetworkMap(Generic[T]):
    """Finds the smallest network that holds an address: one lookup per length of prefix in use."""

    def __init__(self, entries: Iterable[tuple[str, T]] = ()) -> None:
        self._by_prefix: dict[tuple[int, int], dict[int, T]] = {}
        for text, value in entries:
            network = ip_network(text)
            prefix = (network.version, network.max_prefixlen - network.prefixlen)
            self._by_prefix.setdefault(prefix, {})[int(network.network_address) >> prefix[1]] = value
        self._prefixes = sorted(self._by_prefix)

    def find(self, client: str) -> T | None:
        """What is known of a client's address; None of what is no address."""
        if not self._prefixes:
            return None
        try:
            address = parsed(client)
        except ValueError:
            return None
        version, bits = address.version, int(address)
        for prefix in self._prefixes:
            if prefix[0] == version and (value := self._by_prefix[prefix].get(bits >> prefix[1])) is not None:
                return value
        return None


class NetworkList(NetworkMap[Literal["allow", "refuse"]]):
    """The operators' list of client networks: always let through, or always refused."""

    def word(self, client: str) -> NetworkWord:
        """What the list says of a client's address; nothing of what is none."""
        return self.find(client) or ""
