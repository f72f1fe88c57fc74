"""A corpus of sorted mails, made fit for a replay today, with the DNS that its clients and senders had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from bench.detection.trace import Hop, first_hop
from bench.mails import Mail, read
from bench.smtp import Client
from bench.suites.zones import Names, absolute, can_exist

Kind = Literal["ham", "spam"]
_DATE = re.compile(rb"^Date:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Sorted:
    """A mail that people have sorted. `hop` is None where its trace names no client."""

    kind: Kind
    mail: Mail
    hop: Hop | None


def load(path: Path, now: datetime) -> list[Sorted]:
    """Every mail that lies in a folder named for `spam` or `ham`; others are passed over.

    Raises:
        OSError, tarfile.TarError: the corpus cannot be read.
    """
    return list(_sorted(path, now))


def _sorted(path: Path, now: datetime) -> Iterator[Sorted]:
    for mail in read(path):
        folder = mail.name.lower().rpartition("/")[0]
        kind: Kind | None = "spam" if "spam" in folder else "ham" if "ham" in folder else None
        if kind is None:
            continue
        header, separator, body = mail.content.partition(b"\r\n\r\n")
        hop = first_hop(header.replace(b"\r\n", b"\n").decode("latin-1"))
        client = Client(hop.helo, hop.name, hop.address) if hop else Client()
        content = _dated_today(header, hop, now) + separator + body
        yield Sorted(kind, replace(mail, content=content, client=client), hop)


def _dated_today(header: bytes, hop: Hop | None, now: datetime) -> bytes:
    """The header with its Date as far from now as it was from its arrival: an old mail is no suspicious one."""
    found = _DATE.search(header)
    if found is None or hop is None or hop.at is None:
        return header
    try:
        written = parsedate_to_datetime(found[1].decode("latin-1").strip())
        written = written if written.tzinfo else written.replace(tzinfo=UTC)
        moved = format_datetime(now + (written - hop.at))
    except (ValueError, TypeError, IndexError, OverflowError):
        return header
    return header[: found.start()] + b"Date: " + moved.encode() + header[found.end() :]


def with_names(mails: list[Sorted]) -> list[Sorted]:
    """The same with a confirmed reverse name for each client, as good as every sender has one today."""
    return [_named(number, one) for number, one in enumerate(mails)]


def _named(number: int, one: Sorted) -> Sorted:
    if one.hop is None or (one.hop.name and not one.hop.forged):
        return one
    said = one.hop.helo.lower()
    is_name = can_exist(said) and not said.endswith(".invalid") and not said.replace(".", "").isdigit()
    name = said if is_name else f"mail.client{number}.example"
    hop = replace(one.hop, name=name, forged=False)
    return replace(one, hop=hop, mail=replace(one.mail, client=replace(one.mail.client, name=name)))


def names_of(mails: list[Sorted]) -> Names:
    """Each client's reverse name as its trace tells, leading back unless it says that it did not; MX and A of senders.

    Which senders' domains existed is not known any more: all of them do.
    """
    names = Names()
    for one in mails:
        if one.hop is not None and one.hop.name and can_exist(one.hop.name):
            reverse = ip_address(one.hop.address).reverse_pointer
            _add(names, reverse, f"PTR {absolute(one.hop.name)}")
            if not one.hop.forged:
                _add(names, one.hop.name, f"A {one.hop.address}")
        domain = one.mail.mail_from.rpartition("@")[2].lower()
        if domain and can_exist(domain):
            _add(names, domain, f"MX 10 {absolute(domain)}")
            _add(names, domain, "A 192.0.2.80")
    return names


def _add(names: Names, name: str, record: str) -> None:
    records = names.records[name]
    if record not in records and not (record.startswith("PTR") and records):
        records.append(record)
