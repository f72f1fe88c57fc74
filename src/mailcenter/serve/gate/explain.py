"""What the gate would do with a mail, and what each rule says: the same code as for a real one, with nothing kept.

No record is written, nothing counted in the memory, nothing delivered. What Postfix would say of a recipient is not
asked: the rule `mta-resolution` hears what the directory says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from mailcenter.mail.reply import Reply
from mailcenter.milter import events
from mailcenter.policy import replies, table
from mailcenter.policy.facts import Service, SessionFacts
from mailcenter.policy.rule import Decision, Rule, Word, watched_by
from mailcenter.policy.rules.mta_resolution import OUR_TRANSPORT
from mailcenter.serve.gate.answer import failed
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.envelope import begin, decide_recipient, decide_sender
from mailcenter.serve.gate.judgement import judge
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.transaction import Stage, Transaction

MOST_RECIPIENTS: Final = 100
_STAGE_OF: Final = {rule.name: stage for stage, rule in table.ALL}


@dataclass(frozen=True, slots=True)
class Asked:
    """The mail in question. `login`: as if sent by submission with that login."""

    client: str
    helo: str
    mail_from: str
    rcpt_to: tuple[str, ...]
    message: bytes
    login: str = ""


@dataclass(slots=True)
class _Watch:
    """Writes down each rule's answer; a `Watcher`."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    recipient: str = ""

    def asked(self, rule: Rule[Any], word: Word, ask: Callable[[], Reply | None]) -> Reply | None:
        started = time.perf_counter()
        reply = ask()
        self.answers.append(
            {
                "stage": _STAGE_OF[rule.name],
                "rule": rule.name,
                "recipient": self.recipient,
                "answer": word or ("objects" if reply else "passes"),
                "reply": _line(reply) if reply else "",
                "ms": round((time.perf_counter() - started) * 1000, 3),
            }
        )
        return reply


async def explain(desk: Desk, asked: Asked) -> dict[str, Any]:
    """The verdict with its reply, each recipient's, each rule's answer in order, the facts, and where the time went."""
    watch = _Watch()
    with watched_by(watch):
        transaction, decision, stage = await _decide(desk, asked, watch)
    record = transaction.end(decision, stage, desk.clock.now())
    transaction.content.release()
    answers = watch.answers + [
        {"stage": stage, "rule": rule.name, "recipient": "", "answer": "not reached", "reply": "", "ms": 0.0}
        for stage, rule in table.ALL
        if rule.name not in {answer["rule"] for answer in watch.answers}
    ]
    facts = dict(record.facts)
    return {
        "verdict": record.verdict,
        "stage": stage,
        "rule": decision.rule,
        "reply": _line(decision.reply),
        "log": decision.reply.log,
        "score": record.score,
        "recipients": [
            {
                "address": one.address,
                "kind": one.kind,
                "verdict": one.verdict,
                "reply": f"{one.code} {one.enhanced} {one.reply}",
                "rule": one.rule,
                "treatment": one.treatment,
            }
            for one in record.recipients
        ],
        "rules": answers,
        "milliseconds": facts.pop("ms", {}),
        "facts": facts,
    }


async def _decide(desk: Desk, asked: Asked, watch: _Watch) -> tuple[Transaction, Decision, Stage]:
    service: Service = "submission" if asked.login else "mx"
    client = desk.clients.ask_about(asked.client) if service == "mx" else None
    try:
        name = "unknown"
        if client is not None:
            known = await client
            name = known.ptr if known.ptr and known.fcrdns else name
        session = SessionFacts(service, asked.client, name, asked.helo, desk.limits)
        macros = {"auth_authen": asked.login} if asked.login else {}
        transaction = begin(desk, session, events.Mail(_path(asked.mail_from), ()), macros, lambda: client)
        return await _through(desk, asked, watch, transaction)
    finally:
        if client is not None:
            client.cancel()


async def _through(
    desk: Desk, asked: Asked, watch: _Watch, transaction: Transaction
) -> tuple[Transaction, Decision, Stage]:
    if decision := await decide_sender(desk, transaction):
        return transaction, decision, "mail"
    refused: Decision | None = None
    for recipient in asked.rcpt_to[:MOST_RECIPIENTS]:
        watch.recipient = recipient
        domain = await _is_ours(desk, recipient)
        macros = {"rcpt_mailer": OUR_TRANSPORT if domain else "smtp", "rcpt_host": "", "rcpt_addr": recipient}
        refused = await decide_recipient(desk, transaction, events.Rcpt(_path(recipient), ()), macros) or refused
    watch.recipient = ""
    if not transaction.accepted:
        return transaction, refused or Decision("", replies.NO_SUCH_RECIPIENT.fill(address="")), "rcpt"
    _fill(transaction, asked.message)
    if transaction.content.over_budget:
        return transaction, Decision("memory", replies.BUSY.fill()), "eom"
    started = desk.clock.ticks()
    try:
        decision = (await judge(transaction, desk)).decision
    except UnavailableError as failure:
        decision = failed(failure)
    transaction.add_time("eom", desk.clock.ticks() - started)
    return transaction, decision, "eom"


async def _is_ours(desk: Desk, address: str) -> bool:
    domain = address.rpartition("@")[2].lower()
    try:
        return domain == desk.host_name or await desk.directory.domain(domain) is not None
    except UnavailableError:
        return False  # the rules are about to meet the same


def _fill(transaction: Transaction, message: bytes) -> None:
    """The message as Postfix would hand it over: fields one by one, lines of the body ended by CRLF."""
    text = message.replace(b"\r\n", b"\n")
    if text.startswith(b"From "):  # as a mail lies in a file of mails
        text = text.partition(b"\n")[2]
    head, _, body = text.partition(b"\n\n")
    for line in head.replace(b"\n ", b"\0 ").replace(b"\n\t", b"\0\t").split(b"\n"):
        name, colon, value = line.replace(b"\0", b"\n").partition(b":")
        if colon and name:
            transaction.content.add_field(name, value)
    transaction.content.add_body(body.replace(b"\n", b"\r\n"))


def _path(address: str) -> bytes:
    return f"<{address.strip().strip('<>')}>".encode("utf-8", "surrogateescape")


def _line(reply: Reply) -> str:
    return f"{reply.code} {reply.enhanced} {reply.text}"
