"""Does our resolver get answers from the world?"""

from __future__ import annotations

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.supervisor import processes
from mailcenter.engines.unbound.question import QuestionError, ask
from mailcenter.settings.model import Settings

_ROOT = ""


def check(settings: Settings) -> list[Finding]:
    if settings.dns.offline or not processes.running_pid(settings):
        return []
    where = f"{settings.dns.address} port {settings.dns.port}"
    try:
        code, records = ask(settings.dns.address, settings.dns.port, _ROOT, RdataType.NS, seconds=8)
    except QuestionError as error:
        return [Finding(f"the resolver at {where} does not answer: {error}", "see unbound in `mailcenter status`")]
    if code != Rcode.NOERROR or not records:
        return [
            Finding(
                f"the resolver at {where} finds no root name servers ({code.name})",
                "let UDP and TCP to port 53 out, check the clock (DNSSEC needs it), or set dns.forwarders",
            )
        ]
    return []
