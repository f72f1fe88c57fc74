"""What the sender's server was told in one transaction: all that a stranger who has the reference may read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from mailcenter.directory.barrier import beyond_barrier
from mailcenter.ledger.models import Recipient, Transaction
from mailcenter.mail.reference import normalise_reference
from mailcenter.mail.reply import bare_reply

MOST_REPLIES: Final = 20
_ADDRESS: Final = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Told:
    """One reply, without its enhanced code and reference in the text."""

    code: int
    enhanced: str
    text: str


@dataclass(frozen=True)
class Refusal:
    """`told` is empty where nothing was refused; `client_address` where the stranger may not know it."""

    reference: str
    started_at: datetime
    client_address: str
    told: tuple[Told, ...]


def refusal_of(text: str) -> Refusal | None:
    """What a transaction's sender was told; None where the reference is unknown, or of a mail made on this server.

    The recipients of an accepted mail know its reference, too (it stands in the header). So where a recipient was
    accepted, no addresses are told, and of our own users' mail never where they sat.
    """
    with beyond_barrier():
        return _refusal(text)


def _refusal(text: str) -> Refusal | None:
    reference = normalise_reference(text)
    found = reference and Transaction.objects.filter(reference=reference, service__in=("mx", "submission"))
    row = found.order_by("-started_at").first() if found else None
    if row is None:
        return None
    recipients = list(Recipient.objects.filter(started_at=row.started_at, reference=row.reference).order_by("position"))
    told = [Told(one.code, one.enhanced, bare_reply(one.reply)) for one in recipients if _is_no(one.verdict)]
    if _is_no(row.verdict):
        told.append(Told(row.code, row.enhanced, bare_reply(row.reply)))
    partly = any(not _is_no(one.verdict) for one in recipients)
    if partly:
        told = [replace(one, text=_ADDRESS.sub("<…>", one.text)) for one in told]
    open_to_sender = told and not (partly and row.service == "submission")
    address = row.client_address or "" if open_to_sender else ""
    return Refusal(row.reference, row.started_at, address, tuple(dict.fromkeys(told))[:MOST_REPLIES])


def _is_no(verdict: str) -> bool:
    return verdict in ("reject", "defer")
