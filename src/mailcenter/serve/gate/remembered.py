"""At each RCPT that nothing else objects to: what is remembered of client, sender and recipient."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from mailcenter.policy import greylist
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.rules import rate
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.ports_memory import Try
from mailcenter.serve.gate.transaction import Transaction

_HOUR: Final = 3600
_MOST_NOTED: Final = 20
"""Recipients for whom the ledger tells how they stood with the greylist."""


async def with_memory(desk: Desk, transaction: Transaction, facts: RcptFacts) -> RcptFacts:
    """The facts with what the memory says; nothing is asked that no rule needs.

    Raises:
        UnavailableError: the memory cannot be asked.
    """
    session, book = facts.mail.session, facts.book
    if session.service != "mx" or facts.rcpt_to is None or not is_judged(session.client_address):
        return facts
    window = int(book.figure(rate.NAME, rate.WINDOW)) if rate.counts(book) else 0
    keep = int(book.figure(greylist.NAME, greylist.KEEP) * _HOUR) if greylist.is_asked(book) else 0
    if not window and not keep:
        return facts
    tried = Try(
        client_address=session.client_address,
        mail_from=facts.mail.mail_from,
        rcpt_to=facts.rcpt_to,
        domain_id=facts.domain.domain_id if facts.domain else None,
        first=not transaction.remembered,
        window=window,
        keep=keep,
    )
    memory = await desk.memory.at_recipient(tried)
    transaction.remembered = True
    if window:
        transaction.facts["rates"] = {
            "client": memory.client_mails,
            "sender": memory.sender_mails,
            "recipient": max(memory.recipient_mails, transaction.facts.get("rates", {}).get("recipient", 0)),
        }
    facts = replace(facts, memory=memory)
    _note(transaction, facts)
    return facts


def _note(transaction: Transaction, facts: RcptFacts) -> None:
    found = greylist.standing(facts)
    word = found.word
    if word == "proof-owed":
        transaction.proof_wait = max(transaction.proof_wait, found.seconds)
    noted = transaction.facts.setdefault("greylist", {})
    if word and len(noted) < _MOST_NOTED:
        noted[str(facts.rcpt_to)] = word
    if not noted:
        del transaction.facts["greylist"]
