"""What goes into the DMARC mechanism and what comes out: results of SPF and DKIM, the result for one author domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mailcenter.dmarc.record import Record
from mailcenter.dmarc.words import Policy, PolicyTag, Result


@dataclass(frozen=True, slots=True)
class SpfResult:
    """SPF of the MAIL FROM identity, the only one DMARC knows (RFC 9989 section 4.4.2).

    `rfc5321_mail_from_domain` is that of HELO where the reverse-path is null (RFC 7208 section 2.4). `result` is a word
    of RFC 8601 section 2.7.2.
    """

    rfc5321_mail_from_domain: str
    result: str


@dataclass(frozen=True, slots=True)
class DkimResult:
    """One signature: `domain` its `d=`, `selector` its `s=`, `result` a word of RFC 8601 section 2.7.1."""

    domain: str
    selector: str
    result: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The DMARC result for one author domain.

    `published_policy` is what the record asks for this domain (by `applied_tag`), `policy` the same after `t=y`. Both
    are none unless a record applies. `organizational_domain` is empty where the DNS failed before it was known.
    """

    rfc5322_from_domain: str
    result: Result
    explanation: str = ""
    policy_domain: str = ""
    organizational_domain: str = ""
    record: Record | None = None
    applied_tag: PolicyTag | None = None
    published_policy: Policy = Policy.NONE
    policy: Policy = Policy.NONE
    spf_aligned: bool = False
    dkim_aligned: bool = False
    errors: tuple[str, ...] = ()

    def method_result(self, method: Literal["spf", "dkim"]) -> Literal["pass", "fail"]:
        """What a report says of a mechanism: passed and aligned, or not (RFC 9990, `policy_evaluated`)."""
        return "pass" if (self.spf_aligned if method == "spf" else self.dkim_aligned) else "fail"


def strictest(outcomes: list[Outcome]) -> Outcome:
    """The one outcome for a message with several author domains (RFC 9989 section 11.5 leaves it to us).

    Every author must pass: a failing one counts before one that could not be decided, that before one without a policy,
    and a pass is last; among equals the strictest policy.

    Raises:
        ValueError: no outcomes.
    """
    order = [Result.FAIL, Result.TEMPERROR, Result.PERMERROR, Result.NONE, Result.PASS]
    return min(outcomes, key=lambda outcome: (order.index(outcome.result), -outcome.policy.severity))
