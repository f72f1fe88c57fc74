"""DMARC for mail of other servers: our own judgement on Rspamd's results of SPF and DKIM, asking the DNS as needed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from mailcenter.dmarc.author import TooManyAuthors, author_domains
from mailcenter.dmarc.dns import NO_DOMAIN, TEMPORARY_FAILURE, Answer, found
from mailcenter.dmarc.dns import Question as DnsQuestion
from mailcenter.dmarc.evaluation import evaluate
from mailcenter.dmarc.evidence import Decision, OverrideReason, Trust, decide, list_memory_key
from mailcenter.dmarc.outcome import Outcome, strictest
from mailcenter.dmarc.words import OverrideType, Policy, Result
from mailcenter.mail.header import values_of
from mailcenter.policy.facts_dmarc import DmarcAction, DmarcFacts
from mailcenter.policy.rules.dmarc import RULE
from mailcenter.serve.gate.arc import with_structure
from mailcenter.serve.gate.client import is_judged
from mailcenter.serve.gate.dmarc_evidence import Identifiers, evidence_for, identifiers_in
from mailcenter.serve.gate.dmarc_words import ledger_facts, with_result
from mailcenter.serve.gate.ports import Dns, Findings, Question, Scanner, UnavailableError
from mailcenter.serve.gate.ports_memory import Memory

QUARANTINE: Final = "dmarc"
"""What stands in `X-Mailcenter-Quarantine`."""
_ACTIONS: Final[dict[Policy, DmarcAction]] = {Policy.NONE: "", Policy.QUARANTINE: "quarantine", Policy.REJECT: "reject"}


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A scanner that adds DMARC to the findings of another. `timeout`: seconds for all questions of one message."""

    scanner: Scanner
    dns: Dns
    memory: Memory
    trust: Trust
    timeout: float

    async def scan(self, question: Question) -> Findings:
        """The other's findings; for mail of other servers with what DMARC says.

        Raises:
            UnavailableError: the other scanner failed, or the memory of lists. A failing DNS is a result.
        """
        session = question.mail.session
        if session.service != "mx" or not is_judged(session.client_address):
            return await self.scanner.scan(question)
        authors = _authors(question)
        if not isinstance(authors, TooManyAuthors):
            for author in authors:  # where the walk begins: the answer comes while the others scan
                self.dns.expect(f"_dmarc.{author}", "TXT")
        findings = with_structure(await self.scanner.scan(question), question)
        identifiers = identifiers_in(findings.authentication)
        findings = replace(findings, authenticated=identifiers.authenticated_domains)
        if isinstance(authors, TooManyAuthors):
            outcome = Outcome("", Result.PERMERROR, str(authors))
            return _conclude(findings, question, identifiers, outcome, Decision(Policy.QUARANTINE))
        if not authors:
            return with_result(findings, None, None)
        outcome = strictest([await self._outcome(author, identifiers) for author in authors])
        evidence = evidence_for(question, findings.authentication, identifiers, outcome.rfc5322_from_domain)
        if key := list_memory_key(evidence):
            findings = replace(findings, list_key=key)
            if outcome.result is Result.FAIL:
                evidence = replace(evidence, list_is_known=await self.memory.knows_list(key))
        return _conclude(findings, question, identifiers, outcome, decide(outcome, evidence, self.trust))

    async def _outcome(self, author: str, identifiers: Identifiers) -> Outcome:
        evaluation = evaluate(author, identifiers.spf, identifiers.dkim)
        try:
            async with asyncio.timeout(self.timeout):
                asked = next(evaluation)
                while True:
                    asked = evaluation.send(await self._ask(asked))
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        except TimeoutError:
            return Outcome(author, Result.TEMPERROR, f"the DNS took more than {self.timeout:g} s")

    async def _ask(self, asked: DnsQuestion) -> Answer:
        try:
            if asked.kind == "exists":
                return found() if await self.dns.exists(asked.name) else NO_DOMAIN
            return found(*await self.dns.txt(asked.name))
        except UnavailableError:
            return TEMPORARY_FAILURE


def _conclude(
    findings: Findings, question: Question, identifiers: Identifiers, outcome: Outcome, wanted: Decision
) -> Findings:
    decision = _applied(wanted, question)
    author = outcome.rfc5322_from_domain
    proven = outcome.result is Result.PASS or (
        outcome.result is Result.NONE and author in identifiers.authenticated_domains
    )
    facts = DmarcFacts(
        action="defer" if _is_open(outcome) else _ACTIONS[decision.disposition],
        author=author,
        policy_domain=outcome.policy_domain,
        request=f"{outcome.applied_tag or 'p'}={outcome.published_policy}",
    )
    return replace(
        with_result(findings, outcome, decision),
        aligned=proven,
        quarantine=QUARANTINE if facts.action == "quarantine" else "",
        dmarc=facts,
        dmarc_facts=ledger_facts(outcome, decision, identifiers),
    )


def _is_open(outcome: Outcome) -> bool:
    """Whether the DNS failed, unless it is known that nothing would be done anyway (RFC 9989 section 5.3.6)."""
    harmless = outcome.applied_tag is not None and outcome.policy is Policy.NONE
    return outcome.result is Result.TEMPERROR and not harmless


def _applied(wanted: Decision, question: Question) -> Decision:
    """What is really done: reports must tell the truth where the operators decided otherwise."""
    if wanted.disposition is Policy.NONE:
        return wanted
    if question.mail.spared or not question.mail.book.is_on(RULE.name):
        return _instead(wanted, Policy.NONE, "not applied here")
    if question.spared and wanted.disposition is Policy.REJECT:
        return _instead(wanted, Policy.QUARANTINE, "mail to postmaster and abuse is not refused")
    return wanted


def _instead(wanted: Decision, disposition: Policy, comment: str) -> Decision:
    return Decision(disposition, (*wanted.reasons, OverrideReason(OverrideType.LOCAL_POLICY, comment)))


def _authors(question: Question) -> tuple[str, ...] | TooManyAuthors:
    fields = values_of(question.content.fields, b"from")
    try:
        return author_domains([value.decode("utf-8", "surrogateescape") for value in fields])
    except TooManyAuthors as error:
        return error
