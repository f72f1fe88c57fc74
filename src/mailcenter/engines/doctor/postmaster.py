"""Does somebody read what is for postmaster and abuse (RFC 2142)?"""

from __future__ import annotations

from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import run
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.supervisor import processes
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_HOST_POSTMASTER = "postmaster"
"""What the directory answers for postmaster and abuse of a domain that has no such addresses."""


def check(settings: Settings) -> list[Finding]:
    reader = settings.mail.postmaster
    if not reader:
        return [] if settings.demo else [_nobody()]
    if processes.running_pid(settings) and _alias_of(settings, reader.lower()) == _HOST_POSTMASTER:
        return [
            Finding(
                f"mail.postmaster names {reader}, which nobody has made: mail for it comes back to it, and is put off",
                "make that mailbox or alias, or set mail.postmaster to another address, then `mailcenter up`",
            )
        ]
    return []


def _nobody() -> Finding:
    return Finding(
        "nobody reads what is for postmaster and abuse: it lies in a mailbox without a login",
        "set mail.postmaster to somebody's address, then `mailcenter up`",
    )


def _alias_of(settings: Settings, address: str) -> str:
    """As Postfix is told; empty where it has none, or where nobody answers, which other questions tell."""
    etc = paths(settings).etc("postfix")
    try:
        return run(
            ["postmap", "-c", str(etc), "-q", address, f"pgsql:{etc}/alias.cf"], user="postfix", failure="no alias"
        ).strip()
    except EngineError:
        return ""
