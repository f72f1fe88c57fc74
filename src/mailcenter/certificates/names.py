"""The names of customers' domains that have a certificate here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mailcenter.mail.domain import LONGEST_DOMAIN

LABELS: Final = ("autoconfig", "autodiscover")
"""Before a domain: where mail programs ask for its settings."""


def names_of(domain: str) -> list[str]:
    """Of a domain (A-labels); those that would be too long are left out."""
    return [name for name in (f"{label}.{domain}" for label in LABELS) if len(name) <= LONGEST_DOMAIN]


def all_names(domains: Iterable[str]) -> set[str]:
    """Of many domains."""
    return {name for domain in domains for name in names_of(domain)}
