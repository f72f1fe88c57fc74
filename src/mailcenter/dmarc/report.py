"""What is kept of each message for the aggregate report to the domain's owner (RFC 9989 section 5.3.7, RFC 9990)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mailcenter.dmarc.alignment import is_below
from mailcenter.dmarc.evidence import Decision
from mailcenter.dmarc.outcome import DkimResult, Outcome, SpfResult
from mailcenter.dmarc.record import Record
from mailcenter.dmarc.words import Policy, Result

MOST_SIGNATURES: Final = 100  # of one row: RFC 9990, "DKIM Signatures in Aggregate Reports"


def report_facts(
    outcome: Outcome, decision: Decision, spf: SpfResult | None, dkim: Iterable[DkimResult]
) -> dict[str, Any]:
    """The report's elements that belong to one message, under their names, as values that JSON can hold.

    Empty where no record applies: there is nobody to report to. The row's address, the envelope and the count are the
    transaction's; the addresses of `rua` are read again from the record when the report is sent.
    """
    record = outcome.record
    if record is None:
        return {}
    return {
        "policy_published": _published(outcome, record),
        "policy_evaluated": {
            "disposition": disposition_of(outcome, decision),
            "dkim": outcome.method_result("dkim"),
            "spf": outcome.method_result("spf"),
            "reason": [{"type": str(reason.type), "comment": reason.comment} for reason in decision.reasons],
        },
        "identifiers": {
            "header_from": outcome.rfc5322_from_domain,
            "envelope_from": spf.rfc5321_mail_from_domain if spf else "",
        },
        "auth_results": {
            "dkim": [
                {"domain": signature.domain, "selector": signature.selector, "result": signature.result}
                for signature in _by_preference(outcome, dkim)
            ],
            "spf": {"domain": spf.rfc5321_mail_from_domain, "scope": "mfrom", "result": spf.result} if spf else None,
        },
        "errors": list(outcome.errors),
        "record": record.text,
    }


def disposition_of(outcome: Outcome, decision: Decision) -> str:
    """The word of RFC 9990 for what was done: `pass` for mail that passed, else none, quarantine or reject."""
    if outcome.result is Result.PASS:
        return "pass"
    return str(decision.disposition)


def _published(outcome: Outcome, record: Record) -> dict[str, str]:
    """`sp` and `np` with the value that holds where the record has none (section 4.7)."""
    sp: Policy = record.sp or record.p
    return {
        "domain": outcome.policy_domain,
        "discovery_method": "treewalk",
        "p": str(record.p),
        "sp": str(sp),
        "np": str(record.np or sp),
        "fo": ":".join(record.fo),
        "adkim": str(record.adkim),
        "aspf": str(record.aspf),
        "testing": "y" if record.testing else "n",
    }


def _by_preference(outcome: Outcome, dkim: Iterable[DkimResult]) -> list[DkimResult]:
    """Passed ones of the author's domain first, then those of its organization, then others, then failed ones."""

    def rank(signature: DkimResult) -> int:
        domain = signature.domain.lower()
        if signature.result != "pass":
            return 3
        if domain == outcome.rfc5322_from_domain:
            return 0
        organization = outcome.organizational_domain
        return 1 if organization and is_below(domain, organization) else 2

    return sorted(dkim, key=rank)[:MOST_SIGNATURES]
