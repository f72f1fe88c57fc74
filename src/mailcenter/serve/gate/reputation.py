"""At the first RCPT that nothing cheaper refuses: what the DNS says of the client and the sender's domain."""

from __future__ import annotations

from msgspec.structs import replace

from mailcenter.policy.facts import MailFacts
from mailcenter.policy.helo import helo_faults
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.transaction import Transaction


def _sender_domain(mail: MailFacts) -> str:
    """The domain to ask about, or nothing. Notices have none (RFC 5321 section 4.5.5); this machine is trusted."""
    judged = mail.session.service == "mx" and not mail.spared and is_judged(mail.session.client_address)
    if not judged or mail.mail_from is None or mail.mail_from.domain.startswith("["):
        return ""
    return mail.mail_from.domain


async def with_reputation(desk: Desk, transaction: Transaction) -> MailFacts:
    """The facts of MAIL with the answers to both, asked at once; later recipients find them there."""
    mail, asked = transaction.mail, transaction.client()
    domain = _sender_domain(mail) if transaction.sender_domain is None else ""
    if domain:
        desk.clients.expect_domain(domain)
    if asked is not None and mail.session.client is None:
        session, client = mail.session, await asked
        faults = helo_faults(session.helo, session.client_address, desk.host_name, client.ptr)
        client = replace(client, helo_faults=faults)
        mail = replace(mail, session=replace(session, client=client))
        transaction.facts["client"] = client.for_ledger()
    if domain:
        transaction.sender_domain = await desk.clients.sender_domain(domain)
        if transaction.sender_domain:
            mail = replace(mail, sender_domain=transaction.sender_domain)
            transaction.facts["sender_domain"] = mail.sender_domain
    transaction.mail = mail
    return mail
