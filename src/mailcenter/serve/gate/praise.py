"""What a mail that is taken tells for the future, and whether it proves its envelope sender."""

from __future__ import annotations

from mailcenter.dmarc.alignment import is_below
from mailcenter.serve.gate.ports import Findings
from mailcenter.serve.gate.ports_memory import Merits
from mailcenter.serve.gate.transaction import Transaction

_CAME_BACK = frozenset({"passed", "waited"})


def proven_domain(transaction: Transaction, findings: Findings) -> str:
    """The envelope sender's domain where SPF proves it, or DKIM it or one above; else empty."""
    sender = transaction.mail.mail_from
    if sender is None or not any(is_below(sender.domain, domain) for domain in findings.authenticated):
        return ""
    return sender.domain


def merits_of(transaction: Transaction, findings: Findings) -> Merits | None:
    """The merits of an accepted mail; None of one that is suspicious to somebody who gets it."""
    mail = transaction.mail
    if mail.session.service == "submission":
        sender = mail.sender
        written_to = tuple(accepted.facts.address.key for accepted in transaction.accepted)
        return Merits(domain_id=sender.domain_id, written_to=written_to) if sender and sender.domain_id else None
    if findings.quarantine or any(accepted.record.treatment for accepted in transaction.accepted):
        return None
    stood = transaction.facts.get("greylist", {}).values()
    return Merits(
        domain=proven_domain(transaction, findings),
        list_key=findings.list_key,
        came_back=not _CAME_BACK.isdisjoint(stood),
    )
