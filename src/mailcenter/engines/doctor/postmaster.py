"""Does somebody read what is for postmaster and abuse (RFC 2142)?"""

from __future__ import annotations

from mailcenter.engines.doctor.finding import Finding
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    if settings.mail.postmaster or settings.demo:
        return []
    return [
        Finding(
            "nobody reads what is for postmaster and abuse: it lies in a mailbox without a login",
            "set mail.postmaster to somebody's address, then `mailcenter up`",
        )
    ]
