"""The end of DATA: the whole message before the rules and the scanners."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from mailcenter.mail.address import AddressError, parse_address
from mailcenter.mail.header import addresses_in, values_of
from mailcenter.milter.modifications import Modification
from mailcenter.policy import replies, table
from mailcenter.policy.facts import MessageFacts, RecipientFacts
from mailcenter.policy.rule import Decision, first_objection
from mailcenter.policy.rules import attachments
from mailcenter.policy.treatment import treat
from mailcenter.serve.gate.attachments import count_parts, refused_files, told, with_attachments
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.fields import Sorting, additions, removals
from mailcenter.serve.gate.ports import Policy, Question
from mailcenter.serve.gate.praise import merits_of, proven_domain
from mailcenter.serve.gate.transaction import Transaction


class Judgement(msgspec.Struct, frozen=True):
    """The decision about a message (an acceptance as well), and how an accepted one is changed."""

    decision: Decision
    modifications: tuple[Modification, ...] = ()


async def judge(transaction: Transaction, desk: Desk) -> Judgement:
    """Ask the rules that need the message only, then the scanners, then the rules about their findings.

    Raises:
        UnavailableError: a scanner gave no whole answer, or the lists of senders none.
    """
    facts = await _with_lists(transaction, _facts(transaction), desk.policy)
    if decision := first_objection(table.BEFORE_SCAN, facts):
        return Judgement(decision)
    findings = await desk.scanner.scan(_question(transaction, facts))
    transaction.findings = findings
    facts = await _with_attachments(transaction, facts, desk)
    facts = replace(
        facts,
        score=findings.score,
        findings=findings.viruses,
        aligned=findings.aligned,
        quarantine=findings.quarantine,
        dmarc=findings.dmarc,
        unproven_wait=0 if proven_domain(transaction, findings) else transaction.proof_wait,
    )
    if decision := first_objection(table.AFTER_SCAN, facts):
        if refused := refused_files(decision, findings, facts):
            transaction.facts["refused"] = refused
        return Judgement(decision)
    sorting = _treat_all(transaction, facts) if transaction.mail.session.service == "mx" else None
    modifications = [
        *removals(transaction.content.fields, desk.host_name),
        *additions(findings, sorting, authserv_id=desk.host_name, reference=transaction.reference),
    ]
    transaction.merits = merits_of(transaction, findings)
    return Judgement(Decision("", replies.ACCEPTED.fill()), tuple(modifications))


async def _with_lists(transaction: Transaction, facts: MessageFacts, policy: Policy) -> MessageFacts:
    """The facts with what each recipient's lists say of the author. Of several authors none can be told."""
    try:
        author = parse_address(facts.header_from[0]) if len(facts.header_from) == 1 else None
    except AddressError:
        author = None
    takers: list[RecipientFacts] = []
    for accepted in transaction.accepted:
        taker = accepted.facts
        if author is not None and taker.recipient is not None:
            taker = replace(taker, listed=await policy.sender_word(taker.recipient, author))
        takers.append(taker)
    words = {str(taker.address): taker.listed for taker in takers if taker.listed}
    if words:
        transaction.facts["lists"] = [{"recipient": address, "action": word} for address, word in words.items()]
    return replace(facts, recipients=tuple(takers))


async def _with_attachments(transaction: Transaction, facts: MessageFacts, desk: Desk) -> MessageFacts:
    """The facts with what each recipient's list finds; nothing is looked at where the rule is off."""
    if not facts.book.is_on(attachments.NAME):
        return facts
    started = desk.clock.ticks()
    recipients = await with_attachments(transaction.content, facts.recipients)
    transaction.add_time("attachments", desk.clock.ticks() - started)
    if findings := told(recipients):
        transaction.facts["attachments"] = findings
    return replace(facts, recipients=recipients)


def _treat_all(transaction: Transaction, facts: MessageFacts) -> Sorting:
    """Note what each recipient's copy becomes, and what the delivery must know for it."""
    score = 0.0 if transaction.mail.session.spared else facts.score
    denied: list[int] = []
    allowed: list[int] = []
    for accepted, taker in zip(transaction.accepted, facts.recipients, strict=True):
        treated = treat(
            taker.treatment,
            facts.book,
            score,
            listed=taker.listed,
            aligned=facts.aligned,
            quarantined=bool(facts.quarantine),
        )
        accepted.record.treatment = treated
        accepted.record.junk = treated == "junk"
        mailbox_id = taker.recipient.mailbox_id if taker.recipient else None
        if mailbox_id is not None and taker.listed == "deny":
            denied.append(mailbox_id)
        elif mailbox_id is not None and treated == "allowed":
            allowed.append(mailbox_id)
    treatments = {accepted.record.treatment for accepted in transaction.accepted}
    return Sorting(
        score=0.0 if treatments == {"allowed"} else score,
        junk=treatments == {"junk"},
        quarantine=facts.quarantine,
        denied_by=tuple(denied),
        allowed_by=tuple(allowed),
    )


def _facts(transaction: Transaction) -> MessageFacts:
    content = transaction.content
    return MessageFacts(
        mail=transaction.mail,
        size=content.size,
        header_fields=len(content.fields),
        header_size=content.header_size,
        hops=len(values_of(content.fields, b"received")),
        header_from=_authors(transaction),
        score=0.0,
        parts=count_parts(content, transaction.mail.session.limits.parts),
    )


def _authors(transaction: Transaction) -> tuple[str, ...]:
    """Who stands as author: of a redirected mail who redirected it (RFC 5322 section 3.6.6)."""
    fields = transaction.content.fields
    return _addresses(values_of(fields, b"resent-from") or values_of(fields, b"from"))


def _addresses(values: Iterable[bytes]) -> tuple[str, ...]:
    return tuple([address for value in values for address in addresses_in(value)])


def _question(transaction: Transaction, facts: MessageFacts) -> Question:
    mail, fields = transaction.mail, transaction.content.fields
    is_redirected = bool(values_of(fields, b"resent-from"))
    return Question(
        mail=mail,
        mail_from=str(mail.mail_from) if mail.mail_from else "",
        recipients=tuple([str(accepted.facts.address) for accepted in transaction.accepted]),
        queue_id=transaction.queue_id,
        header_from=_addresses(values_of(fields, b"from")) if is_redirected else facts.header_from,
        content=transaction.content,
        spared=facts.spared,
    )
