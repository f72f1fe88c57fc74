"""Which recipients of a refused mail may be told of it: what the ledger daemon hands on to the notices daemon."""

from __future__ import annotations

from typing import Any, Final

from mailcenter.ledger.record import TransactionRecord
from mailcenter.mail.header import addresses_in

KIND: Final = "refused-content"
"""The one kind of notice so far: a virus or a forbidden attachment (seed 4, sections 4 and 10)."""
RULES: Final = frozenset({"virus", "attachments"})
MOST_FILES: Final = 10
LONGEST_SENDER: Final = 320

Wanted = dict[str, Any]
"""One recipient of one refused mail, as it stands in `ledger_notice_wanted`."""


def wanted_notices(record: TransactionRecord) -> list[Wanted]:
    """One for each recipient of ours whose mail was refused for what it held; mail of our own users gives none.

    Who sends through us with a login reads the refusal himself. A forged sender never hears of it.
    """
    if record.rule not in RULES or record.service != "mx" or record.verdict != "reject":
        return []
    sender = claimed_sender(record)
    found = record.facts.get("refused")
    return [
        {
            "reference": record.reference,
            "started_at": record.started_at.isoformat(),
            "address": recipient.address,
            "mailbox_id": recipient.mailbox_id,
            "sender": sender,
            "header_from": record.header_from,
            "mail_from": record.mail_from,
            "client_address": record.client_address,
            "client_name": record.client_name,
            "helo": record.helo,
            "rule": record.rule,
            "found": found[:MOST_FILES] if isinstance(found, list) else [],
        }
        for recipient in record.recipients
        if recipient.rule == record.rule and recipient.domain_id is not None
    ]


def claimed_sender(record: TransactionRecord) -> str:
    """The address that the mail names as its author, else the envelope's, in lower case: one notice a day for each."""
    authors = addresses_in(record.header_from.encode("utf-8", "replace"))
    return (authors[0] if authors else record.mail_from).lower()[:LONGEST_SENDER]
