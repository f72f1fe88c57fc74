"""The DNS records that a mail domain should have, and what those that it has are worth. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from mailcenter.settings.model import Settings

Kind = Literal["MX", "TXT", "CNAME", "SRV"]
Found = tuple[str, ...] | None
"""The records of a name in the form in which they are shown; None: the resolver gave no answer."""


class State(Enum):
    """What was found of a record."""

    RIGHT = "right"
    MISSING = "missing"
    OTHER = "other"
    """There is something else."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wanted:
    """A record as it should be. `topic` says what for: `delivery`, `programs` or `sender`."""

    name: str
    kind: Kind
    value: str
    topic: Literal["delivery", "programs", "sender"]


def wanted_records(settings: Settings, domain: str) -> list[Wanted]:
    """All of them for a domain (A-labels), the most important ones first.

    SRV: RFC 6186, RFC 8314 section 5.1 (`_submissions`), RFC 5804 section 1.8 (`_sieve`); `_autodiscover` is Outlook's.
    """
    host, listen = settings.host_name, settings.listen
    services = (
        ("imaps", 0, listen.imaps),
        ("submissions", 0, listen.submissions),
        ("submission", 10, listen.submission),
        ("pop3s", 10, listen.pop3s),
        ("sieve", 0, listen.sieve),
        ("autodiscover", 0, listen.https),
    )
    return [
        Wanted(domain, "MX", f"10 {host}", "delivery"),
        Wanted(domain, "TXT", "v=spf1 mx -all", "sender"),
        Wanted(f"autoconfig.{domain}", "CNAME", host, "programs"),
        Wanted(f"autodiscover.{domain}", "CNAME", host, "programs"),
        *(
            Wanted(f"_{name}._tcp.{domain}", "SRV", f"{priority} 1 {port} {host}", "programs")
            for name, priority, port in services
        ),
    ]


def state_of(wanted: Wanted, found: Found) -> State:
    """Compare. What leads here in another way is right too: another preference, weight, or a longer SPF record."""
    if found is None:
        return State.UNKNOWN
    relevant = [value for value in found if wanted.kind != "TXT" or _is_spf(value)]
    if not relevant:
        return State.MISSING
    return State.RIGHT if _SUITS[wanted.kind](wanted.value, relevant) else State.OTHER


def _is_spf(text: str) -> bool:
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def _same_host(value: str, found: Iterable[str]) -> bool:
    """Every mail host is ours: another MX would get a part of the mail."""
    return {item.rpartition(" ")[2] for item in found} == {value.rpartition(" ")[2]}


def _same_target(value: str, found: Iterable[str]) -> bool:
    """Port and host of every record are ours."""
    return {tuple(item.split(" ")[2:]) for item in found} == {tuple(value.split(" ")[2:])}


def _allows_mx(_value: str, found: list[str]) -> bool:
    """One record (RFC 7208 section 4.5), in which the mail hosts may send."""
    terms = found[0].lower().split()
    return len(found) == 1 and any(term.lstrip("+") == "mx" or term.startswith("redirect=") for term in terms)


_SUITS: dict[Kind, Callable[[str, list[str]], bool]] = {
    "MX": _same_host,
    "TXT": _allows_mx,
    "CNAME": _same_host,
    "SRV": _same_target,
}
