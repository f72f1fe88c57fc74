"""The lists that the platform brings along, and those that it asks.

Terms as their keepers published them; the operator looks at them again before he switches one on. Lists that want a
contract or a registration of a provider (Spamhaus, Barracuda, Abusix) are not among them: who has one adds them.
"""

from __future__ import annotations

from typing import Final

from mailcenter.policy.dns_lists.answers import DnsList
from mailcenter.settings.model import DnsListEntry, Settings

SHIPPED: Final = (
    DnsListEntry(
        zone="psbl.surriel.com",
        terms='"Anybody is free to use PSBL" (psbl.surriel.com/howto). Fed by spam traps.',
    ),
    DnsListEntry(
        zone="dnsbl.dronebl.org",
        active=False,
        terms="Free of charge; the terms for providers are to be read at dronebl.org first.",
    ),
    DnsListEntry(
        zone="bl.spamcop.net",
        active=False,
        terms="Free of charge; its keeper advises scoring, not refusing, and its terms are to be read first.",
    ),
    DnsListEntry(
        zone="list.dnswl.org",
        kind="allow",
        codes={"127.0.*.1": 0.5, "127.0.*.2": 1.0, "127.0.*.3": 2.0},
        active=False,
        terms="Free up to a number of questions a day; above it, and for vendors, by subscription (dnswl.org).",
    ),
)


def lists_in_force(settings: Settings) -> tuple[DnsList, ...]:
    """The lists to ask: the configuration's, else the shipped ones; none of these while offline."""
    entries = settings.dns_lists
    if entries is None:
        entries = [] if settings.dns.offline else list(SHIPPED)
    return tuple(
        DnsList(entry.zone, entry.kind, entry.weight, tuple(entry.codes.items())) for entry in entries if entry.active
    )
