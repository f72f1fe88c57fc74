"""The end of DATA: the whole message before the rules and the scanners."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mailcenter.mail.header import addresses_in, values_of
from mailcenter.milter.modifications import Modification
from mailcenter.policy import replies, table
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.rule import Decision, first_objection
from mailcenter.policy.verdict import is_junk
from mailcenter.serve.gate.fields import additions, removals
from mailcenter.serve.gate.ports import Question, Scanner
from mailcenter.serve.gate.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision about a message (an acceptance as well), and how an accepted one is changed."""

    decision: Decision
    modifications: tuple[Modification, ...] = ()


async def judge(transaction: Transaction, scanner: Scanner, host_name: str) -> Judgement:
    """Ask the rules that need the message only, then the scanners, then the rules about their findings.

    Raises:
        UnavailableError: a scanner gave no whole answer.
    """
    facts = _facts(transaction)
    if decision := first_objection(table.BEFORE_SCAN, facts):
        return Judgement(decision)
    findings = await scanner.scan(_question(transaction))
    transaction.findings = findings
    facts = replace(facts, score=findings.score, findings=findings.viruses)
    if decision := first_objection(table.AFTER_SCAN, facts):
        return Judgement(decision)
    service = transaction.mail.session.service
    junk = service == "mx" and is_junk(facts)
    for recipient in transaction.recipients:
        recipient.junk = junk and recipient.verdict == "accept"
    modifications = [
        *removals(transaction.content.fields, host_name),
        *additions(service, findings, junk=junk, authserv_id=host_name, reference=transaction.reference),
    ]
    return Judgement(Decision("", replies.ACCEPTED.fill()), tuple(modifications))


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
    )


def _authors(transaction: Transaction) -> tuple[str, ...]:
    """Who stands as author: of a redirected mail who redirected it (RFC 5322 section 3.6.6)."""
    fields = transaction.content.fields
    values = values_of(fields, b"resent-from") or values_of(fields, b"from")
    return tuple(address for value in values for address in addresses_in(value))


def _question(transaction: Transaction) -> Question:
    mail = transaction.mail
    return Question(
        mail=mail,
        mail_from=str(mail.mail_from) if mail.mail_from else "",
        recipients=tuple(map(str, transaction.accepted)),
        queue_id=transaction.queue_id,
        header_from=tuple(
            address for value in values_of(transaction.content.fields, b"from") for address in addresses_in(value)
        ),
        content=transaction.content,
    )
