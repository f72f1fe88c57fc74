"""Lists of senders: entries of an address, a domain, or a domain with its subdomains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from mailcenter.mail.address import Address
from mailcenter.policy.treatment import ListWord

SenderKind = Literal["address", "domain", "subdomains"]
_CLOSENESS: Final[dict[str, int]] = {"address": 2, "domain": 1, "subdomains": 0}


@dataclass(frozen=True, slots=True)
class SenderEntry:
    """`pattern`: lower case with A-labels. Both ids None: the platform's."""

    action: Literal["allow", "deny"]
    kind: SenderKind
    pattern: str
    domain_id: int | None = None
    mailbox_id: int | None = None

    def matches(self, sender: Address) -> bool:
        """Whether the entry means this sender."""
        if self.kind == "address":
            return self.pattern in (sender.key, sender.without_detail.key)
        below = self.kind == "subdomains" and sender.domain.endswith(f".{self.pattern}")
        return below or sender.domain == self.pattern


def patterns_of(sender: Address) -> tuple[str, ...]:
    """Every pattern by which an entry could mean this sender."""
    labels = sender.domain.split(".")
    domains = (".".join(labels[start:]) for start in range(len(labels)))
    return tuple(dict.fromkeys((sender.key, sender.without_detail.key, *domains)))


def word_of(entries: Iterable[SenderEntry], sender: Address, domain_id: int | None, mailbox_id: int | None) -> ListWord:
    """What the lists say of a sender to a recipient.

    The nearest list counts: the mailbox's own before its domain's before the platform's; in it the closest pattern, so
    that one address can be excepted from its domain.
    """
    best: tuple[int, int, int, bool] | None = None
    for entry in entries:
        if entry.mailbox_id not in (None, mailbox_id) or entry.domain_id not in (None, domain_id):
            continue
        if not entry.matches(sender):
            continue
        nearness = 2 if entry.mailbox_id is not None else 1 if entry.domain_id is not None else 0
        rank = (nearness, _CLOSENESS[entry.kind], len(entry.pattern), entry.action == "deny")
        best = rank if best is None else max(best, rank)
    if best is None:
        return ""
    return "deny" if best[3] else "allow"
