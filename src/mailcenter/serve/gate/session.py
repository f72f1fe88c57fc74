"""One SMTP session as Postfix tells it: each event becomes a question to the policy, each decision a reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mailcenter.ledger.record import TransactionRecord
from mailcenter.milter import events
from mailcenter.milter.negotiation import agree
from mailcenter.milter.responses import Response
from mailcenter.policy import replies
from mailcenter.policy.facts import Service, SessionFacts
from mailcenter.policy.facts_client import ClientFacts
from mailcenter.policy.rule import Decision
from mailcenter.serve.gate.answer import CONTINUE, NOTHING, OUT_OF_STEP, failed, refuse
from mailcenter.serve.gate.asked import WANTED
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.envelope import as_text, begin, decide_recipient, decide_sender
from mailcenter.serve.gate.judgement import Judgement, judge
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.seat import Seat
from mailcenter.serve.gate.transaction import Stage, Transaction

Inquiry = events.Mail | events.Rcpt | events.EndOfMessage
"""What may need others to be answered."""

_UNKNOWN: Final = "unknown"
"""Postfix's word where there is no address, or no name that leads back to it."""

log = logging.getLogger("gate")


class Session:
    """Gives the responses to each event; `close` at the end of the connection, whatever ended it.

    `client_gone` tells whether Postfix has hung up meanwhile: then nobody would hear our verdict.
    """

    def __init__(self, desk: Desk, client_gone: Callable[[], bool] = lambda: False) -> None:
        self._desk = desk
        self._client_gone = client_gone
        self._facts = SessionFacts("mx", "", "", "", desk.limits)
        self._helo = ""
        self._macros: dict[bytes, events.Macros] = {}
        self._client: asyncio.Task[ClientFacts] | None = None
        self._transaction: Transaction | None = None
        self._began = desk.clock.ticks()
        self._seat = Seat(desk.seats)

    @property
    def in_transaction(self) -> bool:
        """Whether a mail is on its way: then the connection should not be closed by us."""
        return self._transaction is not None

    def note(self, event: events.Event) -> Sequence[Response]:
        """Take an event that asks nobody else, and give the responses to it: none where none is asked for."""
        match event:
            case events.Header():
                if self._transaction is not None:
                    self._transaction.content.add_field(event.name, event.value)
            case events.Macros():
                self._macros[event.command] = event
            case events.Body():
                self._body(event)
            case events.Helo():
                self._helo = as_text(event.name)
            case events.Negotiate():
                return (agree(event, WANTED),)
            case events.Abort() | events.Quit():
                self._abandon()
            case events.QuitNewConnection():  # somebody else comes next: nothing known of this one holds for him
                self.close()
                self._helo, self._began = "", self._desk.clock.ticks()
            case _:
                pass  # EndOfHeaders says nothing new; Connect, Data and Unknown are not asked for
        return NOTHING

    async def answer(self, event: Inquiry) -> Sequence[Response]:
        """The responses to what others may have to be asked about."""
        match event:
            case events.Mail():
                return await self._mail(event)
            case events.Rcpt():
                return await self._rcpt(event)
            case events.EndOfMessage():
                return await self._end_of_message(event)

    def close(self) -> None:
        """Record what was left unfinished."""
        self._abandon()
        self._forget_client()
        self._seat.give_up()

    def internal_failure(self, error: Exception) -> Sequence[Response]:
        """The answer where our own program is wrong: the sender comes back."""
        if self._transaction is None:
            return OUT_OF_STEP
        decision = failed(UnavailableError("gate", f"{type(error).__name__}: {error}"))
        return self._finish(self._transaction, decision, "eom")

    def _values(self, command: bytes) -> dict[str, str]:
        macros = self._macros.get(command)
        return macros.values() if macros else {}

    # --- the steps

    def _client_facts(self, macros: Mapping[str, str]) -> SessionFacts:
        """Who sends, as Postfix tells it with each MAIL. Of a client without an address nothing is known."""
        service: Service = "submission" if macros.get("daemon_name") == "submission" else "mx"
        address = macros.get("client_addr", _UNKNOWN)
        return SessionFacts(
            service,
            "" if address == _UNKNOWN else address,
            macros.get("client_name", _UNKNOWN),
            self._helo,
            self._desk.limits,
        )

    def _ask_about_client(self) -> asyncio.Task[ClientFacts] | None:
        """The question about the client, put when the first mail needs it: most refusals never do."""
        if self._client is None and self._facts.service == "mx":
            self._client = self._desk.clients.ask_about(self._facts.client_address)
        return self._client

    def _forget_client(self) -> None:
        if self._client is not None:
            self._client.cancel()
            self._client = None

    async def _mail(self, event: events.Mail) -> Sequence[Response]:
        self._abandon()
        macros = self._values(b"M")
        self._facts = self._client_facts(macros)
        transaction = begin(self._desk, self._facts, event, macros, self._ask_about_client)
        self._transaction = transaction
        decision = await decide_sender(self._desk, transaction)
        decision = self._session_ended(transaction) or decision
        decision = decision or await self._seat.objection(transaction.mail.session.login)
        return self._finish(transaction, decision, "mail") if decision else CONTINUE

    async def _rcpt(self, event: events.Rcpt) -> Sequence[Response]:
        transaction = self._transaction
        if transaction is None:
            return OUT_OF_STEP
        if ended := self._session_ended(transaction):
            return self._finish(transaction, ended, "rcpt")
        decision = await decide_recipient(self._desk, transaction, event, self._values(b"R"))
        if decision is None:
            return CONTINUE
        return refuse(decision.reply, transaction.reference, pages=self._desk.pages, utf8=transaction.smtputf8)

    def _body(self, event: events.Body) -> None:
        """Take a part of the body. That it is too much is said at the end: Postfix waits for no answer before."""
        if self._transaction is not None:
            self._transaction.content.add_body(event.chunk)

    async def _end_of_message(self, event: events.EndOfMessage) -> Sequence[Response]:
        transaction = self._transaction
        if transaction is None:
            return OUT_OF_STEP
        transaction.content.add_body(event.chunk)
        if refusal := self._over_budget(transaction):
            return refusal
        started = self._desk.clock.ticks()
        transaction.queue_id = self._values(b"E").get("i", "")
        try:
            judgement = await judge(transaction, self._desk)
        except UnavailableError as failure:
            judgement = Judgement(failed(failure))
        transaction.add_time("eom", self._desk.clock.ticks() - started)
        if self._client_gone():
            self._abandon()
            return OUT_OF_STEP
        answer = self._finish(transaction, self._session_ended(transaction) or judgement.decision, "eom")
        return (*judgement.modifications, *answer) if answer is CONTINUE else answer

    # --- the end of a transaction

    def _session_ended(self, transaction: Transaction) -> Decision | None:
        """The last word where the account's sessions have been ended since this one began: Postfix then hangs up."""
        login = transaction.mail.session.login
        if not login or not self._desk.session_ends.is_over(login, self._began):
            return None
        return Decision("session-ended", replies.SESSION_ENDED.fill())

    def _over_budget(self, transaction: Transaction) -> Sequence[Response]:
        if not transaction.content.over_budget:
            return NOTHING
        return self._finish(transaction, Decision("memory", replies.BUSY.fill()), "eom")

    def _finish(self, transaction: Transaction, decision: Decision, stage: Stage) -> Sequence[Response]:
        """Record the end first, then give the reply; what cannot be recorded is deferred."""
        self._transaction = None
        record = transaction.end(decision, stage, self._desk.clock.now())
        transaction.content.release()
        try:
            self._desk.records.write(record)
        except UnavailableError as failure:
            decision = failed(failure)
        self._desk.observer.observe(record, transaction.merits)
        _log(record, decision.rule, decision.reply.log)
        if decision.reply.code < 400:
            return CONTINUE
        return refuse(decision.reply, transaction.reference, pages=self._desk.pages, utf8=transaction.smtputf8)

    def _abandon(self) -> None:
        transaction, self._transaction = self._transaction, None
        if transaction is None:
            return
        record = transaction.end_without_message(self._desk.clock.now())
        transaction.content.release()
        detail = ""
        try:
            self._desk.records.write(record)
        except UnavailableError as failure:
            detail = f"not recorded: {failure}"
        self._desk.observer.observe(record, transaction.merits)
        _log(record, record.rule, detail)


def _log(record: TransactionRecord, rule: str, detail: str) -> None:
    """One line per verdict; `detail` is what the sender is not told."""
    log.info(
        "%s %s %s %s rule=%s client=%s from=<%s> recipients=%d size=%d queue_id=%s score=%s%s",
        record.reference,
        record.service,
        record.stage,
        record.verdict,
        rule or "-",
        record.client_address,
        record.mail_from,
        len(record.recipients),
        record.size,
        record.queue_id or "-",
        "-" if record.score is None else f"{record.score:.1f}",
        f" ({detail})" if detail else "",
    )
