"""DMARC's result in the words of others: Authentication-Results (RFC 8601) and the ledger's facts."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from mailcenter.dmarc.evidence import Decision
from mailcenter.dmarc.outcome import Outcome
from mailcenter.dmarc.report import report_facts
from mailcenter.mail.authres import MethodResult, Property
from mailcenter.serve.gate.dmarc_evidence import Identifiers
from mailcenter.serve.gate.ports import Facts, Findings

LONGEST_TEXT: Final = 2000
MOST_ITEMS: Final = 20


def with_result(findings: Findings, outcome: Outcome | None, decision: Decision | None) -> Findings:
    """The findings with our result instead of Rspamd's, before that of ARC."""
    others = [result for result in findings.authentication if result.method != "dmarc"]
    if outcome is not None and decision is not None:
        position = next((index for index, result in enumerate(others) if result.method == "arc"), len(others))
        others.insert(position, _method_result(outcome, decision))
    return replace(findings, authentication=tuple(others))


def _method_result(outcome: Outcome, decision: Decision) -> MethodResult:
    author = outcome.rfc5322_from_domain
    comment = f"{outcome.applied_tag}={outcome.published_policy} dis={decision.disposition}"
    return MethodResult(
        "dmarc",
        str(outcome.result),
        (Property("header", "from", author),) if author else (),
        comment=comment if outcome.applied_tag else "",
    )


def ledger_facts(outcome: Outcome, decision: Decision, identifiers: Identifiers) -> Facts:
    """What the ledger keeps as `facts["dmarc"]`: the result, and what a report to the domain's owner will need."""
    report = report_facts(outcome, decision, identifiers.spf, identifiers.dkim)
    facts: Facts = bounded({"result": str(outcome.result), "explanation": outcome.explanation} | report)
    return facts


def bounded(value: Any) -> Any:
    """The same without control characters, which a database cannot hold, and bounded: zones hold what they want."""
    if isinstance(value, dict):
        return {name: bounded(held) for name, held in value.items()}
    if isinstance(value, list):
        return [bounded(held) for held in value[:MOST_ITEMS]]
    if isinstance(value, str):
        text = value[:LONGEST_TEXT]
        return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)
    return value
