"""What DMARC goes by: the identifiers that Rspamd proved, and what speaks for a list or a forwarder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailcenter.dmarc.arc import arc_evidence
from mailcenter.dmarc.evidence import Evidence, list_id_of
from mailcenter.dmarc.outcome import DkimResult, SpfResult
from mailcenter.mail.authres import MethodResult
from mailcenter.mail.domain import DomainError, lenient_domain
from mailcenter.mail.header import first_text, values_of
from mailcenter.serve.gate.ports import Question


@dataclass(frozen=True, slots=True)
class Identifiers:
    """SPF and DKIM of one message. `spf` is None where nothing was checked."""

    spf: SpfResult | None
    dkim: tuple[DkimResult, ...]

    @property
    def authenticated_domains(self) -> frozenset[str]:
        """Domains that passed, whoever they are."""
        passed = [signature.domain for signature in self.dkim if signature.result == "pass"]
        if self.spf is not None and self.spf.result == "pass":
            passed.append(self.spf.rfc5321_mail_from_domain)
        return frozenset(name for domain in passed if (name := _domain(domain)))


def identifiers_in(results: Iterable[MethodResult]) -> Identifiers:
    """The identifiers among authentication results; of SPF the sender's domain, or HELO's for notices."""
    spf: SpfResult | None = None
    dkim: list[DkimResult] = []
    for result in results:
        values = {f"{item.ptype}.{item.name}": item.value for item in result.properties}
        if result.method == "dkim" and "header.d" in values:
            dkim.append(DkimResult(values["header.d"], values.get("header.s", ""), result.result))
        elif result.method == "spf" and spf is None:
            identity = values.get("smtp.mailfrom") or values.get("smtp.helo", "")
            spf = SpfResult(identity.rpartition("@")[2], result.result)
    return Identifiers(spf, tuple(dkim))


def evidence_for(
    question: Question, results: Iterable[MethodResult], identifiers: Identifiers, author_domain: str
) -> Evidence:
    """What speaks for the message although it fails; whether its list is known is for the memory to say."""
    fields = question.content.fields
    words = {(result.method, result.result) for result in results}
    return Evidence(
        authenticated_domains=identifiers.authenticated_domains,
        list_id=list_id_of(first_text(fields, b"list-id")),
        arc=arc_evidence(
            [_text(value) for value in values_of(fields, b"arc-seal")],
            [_text(value) for value in values_of(fields, b"arc-authentication-results")],
            author_domain,
            is_intact=("arc", "pass") in words,
        ),
        is_complete=_is_complete(words),
    )


def _is_complete(words: set[tuple[str, str]]) -> bool:
    checked = {method for method, _ in words}
    failed = any((method, "temperror") in words for method in ("spf", "dkim", "arc"))
    return {"spf", "dkim"} <= checked and not failed


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _domain(text: str) -> str:
    try:
        return lenient_domain(text.removesuffix("."))
    except DomainError:
        return ""
