"""MAIL FROM and RCPT TO: read, looked up, and put before the rules."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from mailcenter.ledger.record import RecipientRecord
from mailcenter.mail.address import Address, AddressError, parse_path
from mailcenter.mail.header import plain_text
from mailcenter.mail.reference import reference_at
from mailcenter.milter.events import Mail, Rcpt
from mailcenter.policy import replies, table
from mailcenter.policy.bans import Ban
from mailcenter.policy.facts import (
    SYSTEM_NAMES,
    BanFacts,
    KnownDomain,
    KnownRecipient,
    MailFacts,
    RcptFacts,
    RecipientFacts,
    SessionFacts,
    is_human,
)
from mailcenter.policy.facts_client import ClientFacts
from mailcenter.policy.rule import Decision, first_objection
from mailcenter.policy.treatment import ListWord
from mailcenter.policy.verdict import verdict_of
from mailcenter.serve.gate.answer import failed
from mailcenter.serve.gate.content import Content
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.remembered import with_memory
from mailcenter.serve.gate.reputation import with_reputation
from mailcenter.serve.gate.transaction import LONGEST_FIELD, Accepted, Transaction

Macros = dict[str, str]

_SIZE = re.compile(rb"SIZE=(\d{1,20})\Z", re.IGNORECASE)
_HOST_DOMAIN = KnownDomain(None, None, active=True)
_HOST_RECIPIENT = KnownRecipient("alias", None, None, None, active=True)


def begin(
    desk: Desk,
    session: SessionFacts,
    event: Mail,
    macros: Macros,
    client: Callable[[], asyncio.Task[ClientFacts] | None] = lambda: None,
) -> Transaction:
    """A new transaction. TLS and login are known from MAIL on (STARTTLS and AUTH come before it)."""
    now = desk.clock.now()
    mail_from, fault = _read_path(event.path)
    tls = " ".join(filter(None, (macros.get("tls_version"), macros.get("cipher"))))
    session = replace(session, tls=tls, login=macros.get("auth_authen", ""))
    return Transaction(
        reference=reference_at(now, desk.clock.entropy()),
        started_at=now,
        started_ticks=desk.clock.ticks(),
        mail=MailFacts(session, mail_from, fault, _declared_size(event.parameters)),
        mail_from_text=str(mail_from) if mail_from else as_text(event.path).strip("<>"),
        smtputf8=any(parameter.upper() == b"SMTPUTF8" for parameter in event.parameters),
        content=Content(desk.budget),
        node=desk.node,
        client=client,
    )


async def decide_sender(desk: Desk, transaction: Transaction) -> Decision | None:
    """The objection to MAIL, or None."""
    try:
        await _look_up_policy(desk, transaction)
        login = transaction.mail.session.login
        if login:
            transaction.mail = replace(transaction.mail, sender=await desk.directory.sender(login))
        return first_objection(table.MAIL, transaction.mail)
    except UnavailableError as failure:
        return failed(failure)
    finally:
        transaction.add_time("mail", desk.clock.ticks() - transaction.started_ticks)


async def decide_recipient(desk: Desk, transaction: Transaction, event: Rcpt, macros: Macros) -> Decision | None:
    """The objection to RCPT, or None; the transaction notes either."""
    started = desk.clock.ticks()
    rcpt_to, fault = _read_recipient(event.path, desk.host_name)
    facts = RcptFacts(
        mail=transaction.mail,
        rcpt_to=rcpt_to,
        fault=fault,
        accepted=len(transaction.accepted),
        domain=None,
        recipient=None,
        mailer=macros.get("rcpt_mailer", ""),
        next_hop=macros.get("rcpt_host", ""),
        mailer_text=macros.get("rcpt_addr", ""),
    )
    try:
        if rcpt_to is not None:
            domain, recipient = await _look_up(desk, rcpt_to)
            facts = replace(facts, domain=domain, recipient=recipient)
            if recipient is not None:
                facts = await _with_wishes(desk, facts, recipient)
        decision = first_objection(table.RCPT, facts)
        if decision is None and not facts.spared:
            facts = replace(facts, mail=await with_reputation(desk, transaction))
            decision = first_objection(table.REPUTATION, facts)
            if decision is None:
                facts = await with_memory(desk, transaction, facts)
                decision = first_objection(table.MEMORY, facts)
    except UnavailableError as failure:
        decision = failed(failure)
    transaction.add_time("rcpt", desk.clock.ticks() - started)
    _note(transaction, facts, decision, as_text(event.path), most=2 * desk.limits.recipients)
    return decision


def _note(transaction: Transaction, facts: RcptFacts, decision: Decision | None, path: str, *, most: int) -> None:
    """Keep what was decided: refused recipients up to a bound, accepted ones all."""
    rcpt_to = facts.rcpt_to
    if decision is not None and len(transaction.recipients) >= most:
        transaction.unlisted += 1
        return
    address = str(rcpt_to) if rcpt_to else plain_text(path.strip("<>"))[:LONGEST_FIELD]
    record = _noted(address, rcpt_to, facts.domain, facts.recipient, decision)
    transaction.recipients.append(record)
    if decision is None and rcpt_to is not None:
        taker = RecipientFacts(rcpt_to, facts.domain, facts.recipient, facts.treatment, to_human=facts.to_human)
        transaction.accepted.append(Accepted(taker, record))


def as_text(value: bytes) -> str:
    """What a client sent, for people."""
    return value.decode("utf-8", "replace")


async def _look_up_policy(desk: Desk, transaction: Transaction) -> None:
    """The rules in force, and what the operators' list of networks says, as they are now: a session may last."""
    book, networks = await desk.policy.book(), await desk.policy.networks()
    session = transaction.mail.session
    ban = _facts_of(desk.bans.of(session.client_address), transaction.started_at) if session.service == "mx" else None
    session = replace(session, book=book, network=networks.word(session.client_address), ban=ban)
    transaction.mail = replace(transaction.mail, session=session)
    if session.network:
        transaction.facts["network"] = session.network


def _facts_of(ban: Ban | None, now: datetime) -> BanFacts | None:
    return BanFacts(ban.cause, max(1, math.ceil((ban.ends_at - now).total_seconds() / 60))) if ban else None


async def _with_wishes(desk: Desk, facts: RcptFacts, recipient: KnownRecipient) -> RcptFacts:
    """The facts with what the recipient wants: asked now, so that nothing is missing at the end of DATA."""
    sender = facts.mail.mail_from
    treatment = await desk.policy.treatment(recipient)
    listed: ListWord = await desk.policy.sender_word(recipient, sender) if sender else ""
    return replace(facts, treatment=treatment, listed=listed)


async def _look_up(desk: Desk, rcpt_to: Address) -> tuple[KnownDomain | None, KnownRecipient | None]:
    if rcpt_to.domain == desk.host_name and rcpt_to.without_detail.local_part.lower() in SYSTEM_NAMES:
        return _HOST_DOMAIN, _HOST_RECIPIENT
    domain = await desk.directory.domain(rcpt_to.domain)
    recipient = await desk.directory.recipient(rcpt_to) if domain else None
    if domain and domain.active and not (recipient and recipient.active) and is_human(rcpt_to):
        return domain, _HOST_RECIPIENT  # as engine.postfix_human
    return domain, recipient


def _noted(
    address: str,
    rcpt_to: Address | None,
    domain: KnownDomain | None,
    recipient: KnownRecipient | None,
    decision: Decision | None,
) -> RecipientRecord:
    reply = decision.reply if decision else replies.RECIPIENT_OK.fill()
    ours = domain is not None or rcpt_to is None
    return RecipientRecord(
        address=address,
        verdict=verdict_of(reply),
        kind=recipient.kind if recipient else "unknown" if ours else "remote",
        organisation_id=domain.organisation_id if domain else None,
        domain_id=domain.domain_id if domain else None,
        mailbox_id=recipient.mailbox_id if recipient else None,
        code=reply.code,
        enhanced=reply.enhanced,
        reply=reply.text,
        rule=decision.rule if decision else "",
    )


def _read_recipient(path: bytes, host_name: str) -> tuple[Address | None, str]:
    if path.strip(b"<>").lower() == b"postmaster":  # RFC 5321 section 4.5.1: without a domain it is the host's own
        return Address("postmaster", host_name), ""
    return _read_path(path)


def _read_path(path: bytes) -> tuple[Address | None, str]:
    try:
        return parse_path(path.decode("utf-8", "surrogateescape")), ""
    except AddressError as error:
        return None, str(error)


def _declared_size(parameters: tuple[bytes, ...]) -> int | None:
    for parameter in parameters:
        if found := _SIZE.match(parameter):
            return int(found[1])
    return None
