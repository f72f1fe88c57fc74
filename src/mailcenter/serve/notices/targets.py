"""Who reads the mail of an address: its mailbox, or those that its alias or its domain's catch-all leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from mailcenter.mail.address import AddressError, parse_address

MOST_READERS: Final = 50
"""Mailboxes behind one address that are told; a larger group has its own ways."""
_MOST_ADDRESSES: Final = 500


def readers(
    address: str,
    mailboxes: Callable[[str], Sequence[int]],
    destinations: Callable[[str], Sequence[str]],
) -> list[int]:
    """The mailboxes of this platform behind an address, each once. Destinations elsewhere are not followed.

    Args:
        mailboxes: those of one address in the form of a lookup key.
        destinations: where the alias or catch-all (`@domain`) of this key leads.
    """
    found: dict[int, None] = {}
    waiting = [address]
    seen: set[str] = set()
    while waiting and len(found) < MOST_READERS and len(seen) < _MOST_ADDRESSES:
        for key in lookup_keys(waiting.pop(0)):
            if key in seen:
                break
            seen.add(key)
            if own := mailboxes(key):
                found.update(dict.fromkeys(own))
                break
            if further := destinations(key):
                waiting += further
                break
    return list(found)[:MOST_READERS]


def lookup_keys(address: str) -> list[str]:
    """What Postfix looks up for an address, in its order: itself, without its detail, its domain's catch-all."""
    try:
        parsed = parse_address(address)
    except AddressError:
        return []
    return list(dict.fromkeys((parsed.key, parsed.without_detail.key, f"@{parsed.domain}")))
