"""When a client's network is shut out for a while: what counts against it, what for it, and from when on.

Fields: `unknown`, recipients that do not exist; `refused`, mails of a client with a bad reputation; `errors`, what no
mail server does; `good`, mails taken. A good mail makes up for some offences, so that a large provider is not shut out
for the few of its customers who mistype an address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from mailcenter.policy.rulebook import RuleBook

NAME: Final = "ban"
WINDOW: Final = "window"
GOOD: Final = "good"
Cause = Literal["harvesting", "refused", "errors", "guessing", "operator"]

_OFFENCES: Final[dict[str, str]] = {
    "unknown-recipient": "unknown",
    "dnsbl": "refused",
    "helo": "refused",
    "network-list": "refused",
    "reverse-dns": "refused",
    "recipient-address": "errors",
    "relaying": "errors",
    "sender-address": "errors",
}
_OURS: Final = 451
"""Code of objections that only say that the DNS, or we, gave no answer."""
_LIMITS: Final[tuple[tuple[str, str, Cause], ...]] = (
    ("unknown", "unknown_recipients", "harvesting"),
    ("refused", "refused_mails", "refused"),
    ("errors", "errors", "errors"),
)


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban in force."""

    network: str
    cause: Cause
    ends_at: datetime


def offences_in(objections: Iterable[tuple[str, int]]) -> Counter[str]:
    """What the objections (rule, code) of one transaction count; a bad reputation counts once however often said."""
    counted = Counter(_OFFENCES[rule] for rule, code in objections if rule in _OFFENCES and code != _OURS)
    if "refused" in counted:
        counted["refused"] = 1
    return counted


def is_watched(book: RuleBook) -> bool:
    """Whether offences are to be counted at all."""
    return book.is_on(NAME) and any(book.figure(NAME, limit) for _, limit, _ in _LIMITS)


def cause_of(counted: Mapping[str, int], book: RuleBook) -> tuple[Cause, int] | None:
    """Why to ban a network with these counts within the window, and how many offences; None where there is no need."""
    forgiven = counted.get(GOOD, 0) * book.figure(NAME, "forgiven")
    for field, limit, cause in _LIMITS:
        most, found = book.figure(NAME, limit), counted.get(field, 0)
        if 0 < most <= found - forgiven:
            return cause, found
    return None
