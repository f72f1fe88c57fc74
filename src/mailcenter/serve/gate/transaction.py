"""One transaction, from MAIL to its end: what has been said and decided so far, and the record that is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

import msgspec

from mailcenter.ledger.record import RecipientRecord, TransactionRecord
from mailcenter.mail.header import first_text, plain_text
from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import KnownSender, MailFacts, RecipientFacts
from mailcenter.policy.facts_client import ClientFacts, SenderDomainFault
from mailcenter.policy.rule import Decision
from mailcenter.policy.verdict import Verdict, verdict_of, verdict_without_message
from mailcenter.serve.gate.content import Content
from mailcenter.serve.gate.ports import Facts, Findings
from mailcenter.serve.gate.ports_memory import Merits

Stage = Literal["mail", "rcpt", "data", "eom"]

_NOBODY: Final = KnownSender(None, None, None, frozenset())

LONGEST_FIELD = 320
"""Characters of a value in a record that comes from outside."""


class Accepted(msgspec.Struct, frozen=True):
    """An accepted recipient, and its place in the record."""

    facts: RecipientFacts
    record: RecipientRecord


class Transaction(msgspec.Struct):
    """Mutable while the dialogue goes on; `record` freezes it into a line of the ledger."""

    reference: str
    started_at: datetime
    started_ticks: float
    mail: MailFacts
    mail_from_text: str
    smtputf8: bool
    content: Content
    node: str
    recipients: list[RecipientRecord] = []
    unlisted: int = 0
    """Refused recipients beyond those that the record lists."""
    accepted: list[Accepted] = []
    milliseconds: dict[str, float] = {}
    findings: Findings | None = None
    queue_id: str = ""
    facts: Facts = {}
    client: Callable[[], asyncio.Task[ClientFacts] | None] = lambda: None
    """Puts the question about the client, once for its connection."""
    sender_domain: SenderDomainFault | None = None
    """What is wrong with the sender's domain; None until that has been asked."""
    remembered: bool = False
    """Whether the memory has counted this transaction."""
    proof_wait: int = 0
    """Seconds to wait for a mail that owes a proof of its sender, where it gives none; 0: it owes none."""
    merits: Merits | None = None

    def add_time(self, stage: str, seconds: float) -> None:
        self.milliseconds[stage] = self.milliseconds.get(stage, 0.0) + seconds * 1000

    def end(self, decision: Decision, stage: Stage, now: datetime) -> TransactionRecord:
        """The record of a transaction that ended by a decision about it as a whole."""
        verdict = verdict_of(decision.reply)
        if verdict != "accept":
            for recipient in self.recipients:
                _let_share(recipient, verdict, decision)
        return self._record(verdict, stage, decision, now)

    def end_without_message(self, now: datetime) -> TransactionRecord:
        """The record of a transaction that the client gave up, or whose recipients were all refused."""
        verdict = verdict_without_message(recipient.verdict for recipient in self.recipients)
        if verdict == "abort":
            stage: Stage = "eom" if self.content.fields else "rcpt" if self.recipients else "mail"
            return self._record(verdict, stage, Decision("", Reply(0, "", "")), now)
        last = next(recipient for recipient in reversed(self.recipients) if recipient.verdict == verdict)
        return self._record(verdict, "rcpt", Decision(last.rule, Reply(last.code, last.enhanced, last.reply)), now)

    def _record(self, verdict: Verdict, stage: Stage, decision: Decision, now: datetime) -> TransactionRecord:
        session = self.mail.session
        sender = self.mail.sender or _NOBODY
        fields = self.content.fields
        reply = decision.reply
        return TransactionRecord(
            reference=self.reference,
            node=self.node,
            started_at=self.started_at,
            ended_at=now,
            service=session.service,
            client_address=session.client_address,
            client_name=_bounded(session.client_name),
            helo=_bounded(session.helo),
            verdict=verdict,
            stage=stage,
            code=reply.code,
            enhanced=reply.enhanced,
            reply=reply.line(self.reference) if reply.code else "",
            rule=decision.rule,
            tls=_bounded(session.tls),
            login=_bounded(session.login),
            organisation_id=sender.organisation_id,
            domain_id=sender.domain_id,
            mailbox_id=sender.mailbox_id,
            mail_from=_bounded(self.mail_from_text),
            header_from=_bounded(first_text(fields, b"from")),
            subject=first_text(fields, b"subject"),
            message_id=_bounded(first_text(fields, b"message-id")),
            size=self.content.size if fields else 0,
            queue_id=self.queue_id,
            score=self.findings.score if self.findings else None,
            recipients=self.recipients,
            facts=self._all_facts(reply),
        )

    def _all_facts(self, reply: Reply) -> Facts:
        facts = self.facts | {"ms": {stage: round(value, 2) for stage, value in self.milliseconds.items()}}
        if reply.log:
            facts["log"] = reply.log
        if self.unlisted:
            facts["recipients_not_listed"] = self.unlisted
        if self.findings:
            facts["symbols"] = self.findings.symbols
            facts["viruses"] = list(self.findings.viruses)
            facts["authentication"] = [str(result) for result in self.findings.authentication]
            if self.findings.spf_facts:
                facts["spf"] = self.findings.spf_facts
            if self.findings.dmarc_facts:
                facts["dmarc"] = self.findings.dmarc_facts
            facts["ms"] |= {part: round(value, 2) for part, value in self.findings.milliseconds.items()}
        return facts


def _let_share(recipient: RecipientRecord, verdict: Verdict, decision: Decision) -> None:
    """A recipient that had been accepted shares the fate of its message."""
    if recipient.verdict == "accept":
        recipient.verdict = verdict
        recipient.code, recipient.enhanced = decision.reply.code, decision.reply.enhanced
        recipient.reply, recipient.rule = decision.reply.text, decision.rule


def _bounded(text: str) -> str:
    return plain_text(text)[:LONGEST_FIELD] if text else ""
