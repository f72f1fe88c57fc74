"""How much one evaluation may ask (RFC 7208 section 4.6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailcenter.spf.errors import PermError

MOST_TERMS: Final = 10
MOST_VOID: Final = 2
MOST_NAMES: Final = 10
"""Hosts of one `mx`, and names of the client that are led back."""


@dataclass(slots=True)
class Limits:
    """Counts over all records of one evaluation."""

    terms: int = 0
    void: int = 0

    def count_term(self) -> None:
        """A term that asks the DNS. Raises PermError for the one too many."""
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise PermError(f"more than {MOST_TERMS} terms that ask the DNS")

    def count_answer(self, answer: tuple[str, ...]) -> None:
        """The answer to a term's own question. Raises PermError where too many found nothing.

        Addresses of the hosts of an `mx` do not count: else whoever has IPv4 only would err for each IPv6 client.
        """
        if not answer:
            self.void += 1
            if self.void > MOST_VOID:
                raise PermError(f"more than {MOST_VOID} terms whose names hold nothing")
