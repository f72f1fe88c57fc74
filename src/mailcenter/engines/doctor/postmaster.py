"""Does somebody read what is for postmaster and abuse (RFC 2142)?"""

from __future__ import annotations

from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import run
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.supervisor import processes
from mailcenter.mail.address import Address, AddressError, parse_address
from mailcenter.policy.facts import SYSTEM_NAMES
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_HOST_POSTMASTER = "postmaster"
"""What the directory answers for postmaster and abuse of a domain that has no such addresses, without a domain."""


def check(settings: Settings) -> list[Finding]:
    reader = _address(settings.mail.postmaster)
    if reader is None or _is_system(reader, settings):
        return [] if settings.demo else [_nobody()]
    if not processes.running_pid(settings) or not _told(settings, "domain", reader.domain):
        return []
    leads_to = _told(settings, "alias", reader.key)
    if leads_to == _HOST_POSTMASTER:
        return [_unmade(settings, "mail for it comes back to it, and is put off")]
    if not leads_to and not _told(settings, "alias", f"@{reader.domain}"):
        return [_unmade(settings, "mail for it is taken, and comes back as a bounce")]
    return []


def _address(text: str) -> Address | None:
    """As the directory has it."""
    try:
        return parse_address(text).without_detail
    except AddressError:
        return None


def _is_system(reader: Address, settings: Settings) -> bool:
    """Whether its mail ends where the host's own postmaster's does when he has no reader."""
    return reader.domain == settings.host_name and reader.local_part.lower() in SYSTEM_NAMES


def _nobody() -> Finding:
    return Finding(
        "nobody reads what is for postmaster and abuse: it lies in a mailbox without a login",
        "set mail.postmaster to somebody's address, then `mailcenter up`",
    )


def _unmade(settings: Settings, outcome: str) -> Finding:
    return Finding(
        f"mail.postmaster names {settings.mail.postmaster}, which nobody has made: {outcome}",
        "make that mailbox or alias, or set mail.postmaster to another address, then `mailcenter up`",
    )


def _told(settings: Settings, table: str, key: str) -> str:
    """As Postfix is told; empty where it has none, or where nobody answers, which other questions tell."""
    etc = paths(settings).etc("postfix")
    try:
        return run(
            ["postmap", "-c", str(etc), "-q", key, f"pgsql:{etc}/{table}.cf"], user="postfix", failure="no answer"
        ).strip()
    except EngineError:
        return ""
