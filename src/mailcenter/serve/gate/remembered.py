"""At each RCPT that nothing else objects to: what is remembered of client, sender and recipient."""

from __future__ import annotations

from dataclasses import replace

from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.rules import rate
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.ports import Try
from mailcenter.serve.gate.transaction import Transaction


async def with_memory(desk: Desk, transaction: Transaction, facts: RcptFacts) -> RcptFacts:
    """The facts with what the memory says; nothing is asked that no rule needs.

    Raises:
        UnavailableError: the memory cannot be asked.
    """
    session, book = facts.mail.session, facts.book
    if session.service != "mx" or facts.rcpt_to is None or not is_judged(session.client_address):
        return facts
    window = int(book.figure(rate.NAME, rate.WINDOW)) if rate.counts(book) else 0
    if not window:
        return facts
    tried = Try(
        client_address=session.client_address,
        mail_from=facts.mail.mail_from,
        rcpt_to=facts.rcpt_to,
        domain_id=facts.domain.domain_id if facts.domain else None,
        first=not transaction.remembered,
        window=window,
        keep=0,
    )
    memory = await desk.memory.at_recipient(tried)
    transaction.remembered = True
    transaction.facts["rates"] = {
        "client": memory.client_mails,
        "sender": memory.sender_mails,
        "recipient": max(memory.recipient_mails, transaction.facts.get("rates", {}).get("recipient", 0)),
    }
    return replace(facts, memory=memory)
