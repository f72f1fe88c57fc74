"""SPF for mail of other servers: our own judgement by RFC 7208, asked of the DNS while the other scanners work.

Rspamd's symbol of SPF counts for its score only: of some records it says `pass` of a forger (docs/standards.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from mailcenter.mail.authres import MethodResult, Property
from mailcenter.policy.client_network import parsed
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.dmarc_words import bounded
from mailcenter.serve.gate.ports import Dns, Findings, Question, Scanner, UnavailableError
from mailcenter.spf.dns import Answer
from mailcenter.spf.dns import Question as DnsQuestion
from mailcenter.spf.errors import TempError
from mailcenter.spf.evaluation import Outcome, Request, evaluate
from mailcenter.spf.words import Result

CANARY_TIMEOUT: Final = 2.0
"""Seconds in which the resolver itself must answer."""


@dataclass(frozen=True, slots=True)
class Spf:
    """A scanner that adds SPF to the findings of another. `timeout`: seconds for all questions of one message.

    `canary` raises UnavailableError where the resolver itself fails.
    """

    scanner: Scanner
    dns: Dns
    canary: Callable[[], Awaitable[None]]
    timeout: float

    async def scan(self, question: Question) -> Findings:
        """The other's findings; for mail of other servers with what SPF says, first among the results.

        Raises:
            UnavailableError: the other scanner failed, or our resolver. A domain's failing DNS is a result.
        """
        session = question.mail.session
        if session.service != "mx" or not is_judged(session.client_address):
            return await self.scanner.scan(question)
        asked = asyncio.create_task(self._outcome(question))
        try:
            findings = await self.scanner.scan(question)
            outcome = await asked
        finally:
            asked.cancel()
        if outcome.result is Result.TEMPERROR:
            await self._check_resolver()
        facts = {"result": str(outcome.result), "domain": outcome.domain, "reason": outcome.reason}
        result = MethodResult("spf", str(outcome.result), _identity(question))
        return replace(findings, authentication=(result, *findings.authentication), spf_facts=bounded(facts))

    async def _check_resolver(self) -> None:
        try:
            async with asyncio.timeout(CANARY_TIMEOUT):
                await self.canary()
        except TimeoutError:
            raise UnavailableError("resolver", f"no answer in {CANARY_TIMEOUT:g} s") from None

    async def _outcome(self, question: Question) -> Outcome:
        session = question.mail.session
        evaluation = evaluate(Request(parsed(session.client_address), question.mail_from, session.helo))
        try:
            async with asyncio.timeout(self.timeout):
                asked = next(evaluation)
                while True:
                    try:
                        answer = await self._answer(asked)
                    except UnavailableError as failure:
                        asked = evaluation.throw(TempError(failure.detail))
                    else:
                        asked = evaluation.send(answer)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        except TimeoutError:
            domain = (question.mail_from or session.helo).rpartition("@")[2]
            return Outcome(Result.TEMPERROR, domain, f"the DNS took more than {self.timeout:g} s")

    async def _answer(self, asked: DnsQuestion) -> Answer:
        name = asked.name
        match asked.kind:
            case "txt":
                return await self.dns.txt(name)
            case "a":
                return await self.dns.a(name)
            case "aaaa":
                return await self.dns.aaaa(name)
            case "mx":
                return tuple(host.name for host in await self.dns.mx(name))
            case "ptr":
                return await self.dns.ptr(name)


def _identity(question: Question) -> tuple[Property, ...]:
    """The sender, or HELO for notices (RFC 7208 section 2.4)."""
    if question.mail_from:
        return (Property("smtp", "mailfrom", question.mail_from),)
    helo = question.mail.session.helo
    return (Property("smtp", "helo", helo),) if helo else ()
