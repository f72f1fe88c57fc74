"""Read in a stored mail's Received fields who delivered it, as the server that took it from outside saw it.

Who fetched the mail from a mailbox later (POP3, IMAP) and machines of the reader's own network are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import AddressValueError, IPv4Address

_FIELD = re.compile(r"^Received:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(r"\s*from\s+(\S+)\s*(.*?)(?:\s+by\s|\Z)", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"[\[(](\d{1,3}(?:\.\d{1,3}){3})[\])]|[\[(](\d{1,3}(?:\.\d{1,3}){3})\s")
_NAMED = re.compile(r"\((?:[^\s()@]+@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\s+\[")
_HELO = re.compile(r"helo[ =]([^\s()]+)", re.IGNORECASE)
_FETCHED = re.compile(r"\bwith\s+(?:POP3|IMAP|ESMTP\s+\(fetchmail)|fetchmail", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")


@dataclass(frozen=True)
class Hop:
    """A client as it was seen. `name`: by reverse DNS, empty where it had none; `forged`: it did not lead back."""

    address: str
    name: str
    helo: str
    forged: bool
    at: datetime | None


def first_hop(header: str) -> Hop | None:
    """The last hop that came from outside; None where the trace names none. `header` has LF line ends."""
    for found in _FIELD.finditer(header):
        value = " ".join(found[1].split())
        matched = _FROM.match(value)
        if matched is None or _FETCHED.search(value):
            continue
        greeted, seen = matched[1], matched[2]
        address = _address(f"{seen} {greeted} ")
        if address:
            return _hop(address, greeted, seen, value)
    return None


def _hop(address: str, greeted: str, seen: str, value: str) -> Hop:
    helo = _HELO.search(seen)
    named = _NAMED.search(seen)
    if named:
        name = named[1]
    elif helo and seen.lstrip().lower().startswith("(helo"):  # qmail: from NAME (HELO x) (ADDRESS)
        name = greeted
    else:
        name = ""
    name = name.lower() if _NAME.match(name) and not name.replace(".", "").isdigit() else ""
    said = helo[1] if helo else greeted
    return Hop(address, name, said if _NAME.match(said) else "unknown.invalid", "may be forged" in seen, _date(value))


def _address(text: str) -> str:
    for pair in _ADDRESS.findall(text):
        try:
            address = IPv4Address(pair[0] or pair[1])
        except AddressValueError:
            continue
        if address.is_global:
            return str(address)
    return ""


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value.rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
