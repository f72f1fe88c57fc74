"""What else is known of a message that fails DMARC, and what is done with it then (RFC 9989 sections 5.4 and 7.4).

A receiver must not refuse on `p=reject` alone: lists and forwarders break SPF, and lists break DKIM. So the policy is
weighed against evidence that a list or a forwarder handed the mail on. Headers prove nothing: anyone can write List-Id
and ARC fields. They count only together with a domain that SPF or DKIM has proved, or a sealer that is trusted here.

| evidence | reject becomes | quarantine becomes |
|---|---|---|
| an authenticated domain, or the client, is trusted to forward | none | none |
| intact ARC chain, newest sealer trusted, DMARC passed there | none | none |
| List-Id below an authenticated domain, seen before from there | none | none |
| List-Id below an authenticated domain, never seen before | quarantine | quarantine |
| intact ARC chain, sealer unknown, sealer authenticated too | quarantine | quarantine |
| a check could not be completed | quarantine | quarantine |
| none of these | reject | quarantine |
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from mailcenter.dmarc.alignment import is_below
from mailcenter.dmarc.outcome import Outcome
from mailcenter.dmarc.words import OverrideType, Policy, Result

_LIST_ID: Final = re.compile(r"<[ \t]*([A-Za-z0-9._-]{1,255})[ \t]*>[^<>]*\Z")


class ArcEvidence(msgspec.Struct, frozen=True):
    """An ARC chain (RFC 8617): `is_intact` when all seals and the newest message signature verify (`arc=pass`).

    `newest_sealer` is the `d=` of the newest seal. `author_passed` when the authentication results that this sealer
    sealed say `dmarc=pass` for this author domain.
    """

    is_intact: bool
    newest_sealer: str
    author_passed: bool


class Evidence(msgspec.Struct, frozen=True):
    """What speaks for a list or forwarder.

    `authenticated_domains`: domains for which DKIM or SPF passed, whoever they are. `list_id`: from `list_id_of`.
    `list_is_known`: `list_memory_key` of this message was met before on mail that was wanted.
    `client_is_trusted_forwarder`: by its address. `is_complete` is False when a check that might have spoken for the
    mail failed for now.
    """

    authenticated_domains: frozenset[str] = frozenset()
    list_id: str = ""
    list_is_known: bool = False
    arc: ArcEvidence | None = None
    client_is_trusted_forwarder: bool = False
    is_complete: bool = True


class Trust(msgspec.Struct, frozen=True):
    """Whom the operator trusts: domains of ARC sealers, and domains that forward mail (each with its subdomains)."""

    arc_sealers: frozenset[str] = frozenset()
    forwarders: frozenset[str] = frozenset()


class OverrideReason(msgspec.Struct, frozen=True):
    """Why the published policy was not applied, as an aggregate report tells it."""

    type: OverrideType
    comment: str


class Decision(msgspec.Struct, frozen=True):
    """What is done because of DMARC: `none` leaves the mail to all other rules."""

    disposition: Policy
    reasons: tuple[OverrideReason, ...] = msgspec.field(default=())


def list_id_of(value: str) -> str:
    """The identifier in a List-Id field (RFC 2919 section 3), lower case; empty where there is none."""
    match = _LIST_ID.search(value)
    return match[1].lower().strip(".") if match else ""


def list_memory_key(evidence: Evidence) -> str:
    """What to remember of a list: the domain that proved itself and its List-Id; empty where nothing is proved.

    The identifier must be the proved domain or lie below it, so nobody can use the name of another's list.
    """
    if not evidence.list_id:
        return ""
    provers = [domain for domain in evidence.authenticated_domains if is_below(evidence.list_id, domain)]
    return f"{min(provers, key=lambda domain: (len(domain), domain))} {evidence.list_id}" if provers else ""


def decide(outcome: Outcome, evidence: Evidence, trust: Trust) -> Decision:
    """What to do with a message of this outcome. Only a failing one can have a disposition other than none.

    `temperror` is not decided here: whether to defer is the caller's rule (section 5.3.6).
    """
    if outcome.result is not Result.FAIL:
        return Decision(Policy.NONE)
    reasons: list[OverrideReason] = []
    if outcome.policy is not outcome.published_policy:
        reasons.append(OverrideReason(OverrideType.POLICY_TEST_MODE, "t=y"))
    if outcome.policy is Policy.NONE:
        return Decision(Policy.NONE, tuple(reasons))
    strong = _strong(evidence, trust)
    if strong is not None:
        return Decision(Policy.NONE, (*reasons, strong))
    weak = _weak(evidence)
    if weak is not None and outcome.policy is Policy.REJECT:
        return Decision(Policy.QUARANTINE, (*reasons, weak))
    return Decision(outcome.policy, tuple(reasons))


def _strong(evidence: Evidence, trust: Trust) -> OverrideReason | None:
    if evidence.client_is_trusted_forwarder:
        return OverrideReason(OverrideType.TRUSTED_FORWARDER, "the client is a trusted forwarder")
    for domain in sorted(evidence.authenticated_domains):
        if _is_trusted(domain, trust.forwarders):
            return OverrideReason(OverrideType.TRUSTED_FORWARDER, f"{domain} is a trusted forwarder")
    arc = evidence.arc
    if arc is not None and arc.is_intact and arc.author_passed and _is_trusted(arc.newest_sealer, trust.arc_sealers):
        kind = OverrideType.MAILING_LIST if list_memory_key(evidence) else OverrideType.TRUSTED_FORWARDER
        return OverrideReason(kind, f"arc=pass, sealed by {arc.newest_sealer}, which saw dmarc=pass")
    if evidence.list_is_known and list_memory_key(evidence):
        return OverrideReason(OverrideType.MAILING_LIST, f"known list {evidence.list_id}")
    return None


def _weak(evidence: Evidence) -> OverrideReason | None:
    if list_memory_key(evidence):
        return OverrideReason(OverrideType.MAILING_LIST, f"list {evidence.list_id}, not met before")
    arc = evidence.arc
    if arc is not None and arc.is_intact and arc.author_passed and arc.newest_sealer in evidence.authenticated_domains:
        return OverrideReason(OverrideType.OTHER, f"arc=pass, sealed by {arc.newest_sealer}, which is not known")
    if not evidence.is_complete:
        return OverrideReason(OverrideType.LOCAL_POLICY, "not all checks could be completed")
    return None


def _is_trusted(domain: str, trusted: frozenset[str]) -> bool:
    return any(is_below(domain, name) for name in trusted)
