"""ARC's result for mail of other servers: the verifier's word, unless the chain's structure says that it fails."""

from __future__ import annotations

from msgspec.structs import replace

from mailcenter.dmarc.arc_structure import structural_fault
from mailcenter.mail.authres import MethodResult, Property
from mailcenter.mail.header import values_of
from mailcenter.serve.gate.ports import Findings, Question


def with_structure(findings: Findings, question: Question) -> Findings:
    """The findings, with `arc=fail` and the reason instead of what was found of a chain that cannot be one."""
    fields = question.content.fields
    seals, signatures, results = (
        [value.decode("utf-8", "replace") for value in values_of(fields, name)]
        for name in (b"arc-seal", b"arc-message-signature", b"arc-authentication-results")
    )
    fault = structural_fault(seals, signatures, results)
    if not fault:
        return findings
    client = Property("smtp", "remote-ip", question.mail.session.client_address)
    failed = MethodResult("arc", "fail", (client,), reason=fault)
    others = [result for result in findings.authentication if result.method != "arc"]
    return replace(findings, authentication=(*others, failed))
