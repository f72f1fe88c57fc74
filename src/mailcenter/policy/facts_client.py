"""What is found out about a client and the sender's domain in the background, while the dialogue goes on."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

ReverseFault = Literal["", "missing", "unconfirmed", "unanswered"]
"""What is wrong with a client's reverse DNS: no name, a name that leads elsewhere, no answer."""
SenderDomainFault = Literal["", "missing", "takes-no-mail", "unanswered"]
"""What is wrong with the sender's domain: neither MX nor address, a null MX (RFC 7505), no answer."""


class Listing(msgspec.Struct, frozen=True):
    """A DNS list that names the client; `weight` in points."""

    list: str
    weight: float


class ClientFacts(msgspec.Struct, frozen=True):
    """`ptr`: its name by reverse DNS, empty without one; `fcrdns`: whether that name leads back to its address.

    `unanswered`: DNS lists that gave no answer; `resolver_dead`: our own resolver is the reason.
    """

    ptr: str = ""
    fcrdns: bool = False
    reverse: ReverseFault = ""
    helo_faults: tuple[str, ...] = ()
    dnsbl: tuple[Listing, ...] = ()
    dnswl: tuple[Listing, ...] = ()
    unanswered: tuple[str, ...] = ()
    resolver_dead: bool = False

    def for_ledger(self) -> dict[str, Any]:
        """What the ledger keeps as `facts["client"]`."""
        return {
            "ptr": self.ptr,
            "fcrdns": self.fcrdns,
            "helo_faults": list(self.helo_faults),
            "dnsbl": [{"list": listing.list, "weight": listing.weight} for listing in self.dnsbl],
            "dnswl": [{"list": listing.list, "weight": listing.weight} for listing in self.dnswl],
            **({"unanswered": list(self.unanswered)} if self.unanswered else {}),
        }
