"""What Rspamd's answer means: score, symbols, authentication results; and whether it is an answer at all."""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec

from mailcenter.mail.authres import MethodResult, Property
from mailcenter.serve.gate.ports import Question, UnavailableError

_PART: Final = "rspamd"
_NUMBER: Final = int | float

DNS_FAILURES: Final = frozenset({"R_SPF_DNSFAIL", "R_DKIM_TEMPFAIL", "DMARC_DNSFAIL", "ARC_DNSFAIL"})
"""Symbols by which Rspamd says that names could not be resolved: the sender's fault, or our resolver's."""

DKIM: Final = {
    "R_DKIM_ALLOW": "pass",
    "R_DKIM_REJECT": "fail",
    "R_DKIM_NA": "none",
    "R_DKIM_TEMPFAIL": "temperror",
    "R_DKIM_PERMFAIL": "permerror",
}
DMARC: Final = {
    "DMARC_POLICY_ALLOW": "pass",
    "DMARC_POLICY_ALLOW_WITH_FAILURES": "pass",
    "DMARC_POLICY_REJECT": "fail",
    "DMARC_POLICY_QUARANTINE": "fail",
    "DMARC_POLICY_SOFTFAIL": "fail",
    "DMARC_NA": "none",
    "DMARC_DNSFAIL": "temperror",
    "DMARC_BAD_POLICY": "permerror",
}
ARC: Final = {
    "ARC_ALLOW": "pass",
    "ARC_REJECT": "fail",
    "ARC_INVALID": "fail",
    "ARC_NA": "none",
    "ARC_DNSFAIL": "temperror",
}
"""Rspamd's symbols in the results' words of RFC 8601 section 2.7 and RFC 8617 section 4.4."""

Symbols = dict[str, dict[str, Any]]


class RspamdResult(msgspec.Struct, frozen=True):
    """`symbols` is name to score."""

    score: float
    symbols: dict[str, float]
    authentication: tuple[MethodResult, ...]
    dns_failed: bool


def read_result(answer: dict[str, Any], question: Question, *, time_limit: float) -> RspamdResult:
    """Take Rspamd's answer apart. `time_limit`: seconds after which Rspamd gives up and answers with what it has.

    Raises:
        UnavailableError: it says that it failed, cut the scan short, or the answer has not the form that it must have.
    """
    if "error" in answer:
        raise UnavailableError(_PART, f"error: {str(answer['error'])[:200]}")
    score, symbols = answer.get("score"), answer.get("symbols")
    if not isinstance(score, _NUMBER) or not math.isfinite(score) or not isinstance(symbols, dict):
        raise UnavailableError(_PART, "the answer holds no score or symbols")
    if not all(isinstance(symbol, dict) for symbol in symbols.values()):
        raise UnavailableError(_PART, "a symbol has no form")
    if answer.get("action") == "soft reject":  # its own limits of time and rate, none of which are ours
        raise UnavailableError(_PART, "asks to defer")
    took = answer.get("time_real", 0.0)
    if isinstance(took, _NUMBER) and took >= time_limit:
        raise UnavailableError(_PART, f"gave up after {took:.1f} s")
    return RspamdResult(
        score=float(score),
        symbols={name: _score(symbol) for name, symbol in symbols.items()},
        authentication=authentication(symbols, question),
        dns_failed=not DNS_FAILURES.isdisjoint(symbols),
    )


def authentication(symbols: Symbols, question: Question) -> tuple[MethodResult, ...]:
    """The results with the properties that Rspamd tells, of DKIM (one per signature), DMARC, ARC; SPF is ours."""
    results: list[MethodResult] = []
    for name, result in DKIM.items():
        if name in symbols:
            signatures = [_signature(option) for option in _options(symbols[name])] or [()]
            results += [MethodResult("dkim", result, properties) for properties in signatures]
    for name, result in DMARC.items():
        if name in symbols:
            results.append(MethodResult("dmarc", result, _dmarc(name, symbols[name], question)))
    address = question.mail.session.client_address
    for name, result in ARC.items():
        if name in symbols:
            results.append(MethodResult("arc", result, (Property("smtp", "remote-ip", address),) if address else ()))
    return tuple(results)


def _score(symbol: dict[str, Any]) -> float:
    value = symbol.get("score", 0.0)
    return round(float(value), 3) if isinstance(value, _NUMBER) else 0.0


def _options(symbol: dict[str, Any]) -> list[str]:
    options = symbol.get("options") or []
    return [option for option in options if isinstance(option, str)] if isinstance(options, list) else []


def _signature(option: str) -> tuple[Property, ...]:
    """`DOMAIN:s=SELECTOR`, as Rspamd describes a signature."""
    domain, _, rest = option.partition(":")
    selector = rest.removeprefix("s=") if rest.startswith("s=") else ""
    found = (Property("header", "d", domain),) if domain else ()
    return (*found, Property("header", "s", selector)) if selector else found


def _dmarc(name: str, symbol: dict[str, Any], question: Question) -> tuple[Property, ...]:
    properties: list[Property] = []
    policy = {"DMARC_POLICY_REJECT": "reject", "DMARC_POLICY_QUARANTINE": "quarantine", "DMARC_POLICY_SOFTFAIL": "none"}
    if name in policy:
        properties.append(Property("policy", "dmarc", policy[name]))
    if question.header_from:
        properties.append(Property("header", "from", question.header_from[0].rpartition("@")[2]))
    return tuple(properties)
