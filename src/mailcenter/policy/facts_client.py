"""What is found out about a client in the background, while it greets us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """A DNS list that names the client; `weight` in points."""

    list: str
    weight: float


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """`ptr`: its name by reverse DNS, empty without one; `fcrdns`: whether that name leads back to its address."""

    ptr: str = ""
    fcrdns: bool = False
    helo_faults: tuple[str, ...] = ()
    dnsbl: tuple[Listing, ...] = ()
    dnswl: tuple[str, ...] = ()
