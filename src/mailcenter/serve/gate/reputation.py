"""At the first RCPT that nothing cheaper refuses: what the DNS says of the client and the sender's domain."""

from __future__ import annotations

from msgspec.structs import replace

from mailcenter.policy.facts import MailFacts
from mailcenter.policy.helo import helo_faults
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.transaction import Transaction


def _ask_about_sender(desk: Desk, transaction: Transaction) -> None:
    """Start asking about the sender's domain. Notices have none (RFC 5321 section 4.5.5); this machine is trusted."""
    if transaction.sender_domain is not None:
        return
    mail = transaction.mail
    judged = mail.session.service == "mx" and not mail.spared and is_judged(mail.session.client_address)
    if judged and mail.mail_from is not None and not mail.mail_from.domain.startswith("["):
        transaction.sender_domain = desk.clients.ask_about_domain(mail.mail_from.domain)


async def with_reputation(desk: Desk, transaction: Transaction) -> MailFacts:
    """The facts of MAIL with the answers to both, asked at once; later recipients find them there."""
    _ask_about_sender(desk, transaction)
    mail, asked = transaction.mail, transaction.client()
    if asked is not None and mail.session.client is None:
        session, client = mail.session, await asked
        faults = helo_faults(session.helo, session.client_address, desk.host_name, client.ptr)
        client = replace(client, helo_faults=faults)
        mail = replace(mail, session=replace(session, client=client))
        transaction.facts["client"] = client.for_ledger()
    if transaction.sender_domain is not None:
        mail = replace(mail, sender_domain=await transaction.sender_domain)
        if mail.sender_domain:
            transaction.facts["sender_domain"] = mail.sender_domain
    transaction.mail = mail
    return mail
