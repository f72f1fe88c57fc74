"""Has each customer's name that leads here a certificate: its own, and not at its end?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from mailcenter.certificates.inspect import holds
from mailcenter.certificates.source import source_in_force
from mailcenter.certificates.state import Problem, State, read_state
from mailcenter.engines.doctor.finding import Finding
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

MOST_NAMED: Final = 10
_SOON: Final = timedelta(days=15)
"""Half of the time in which it should have been renewed."""
_REMEDIES: Final = {
    Problem.REFUSED: "mend what the authority names (the name must reach us at port 80); it is tried again by itself",
    Problem.LIMITED: "nothing, it is tried again by itself; with many new domains ask the authority for a higher limit",
    Problem.UNREACHABLE: "let HTTPS out to certificates.acme_directory; it is tried again by itself",
    Problem.MISSING: "put it into certificates.folder, as docs/settings.md says",
    Problem.UNFIT: "put one for this name, in force, with its key into certificates.folder",
}


def check(settings: Settings) -> list[Finding]:
    if source_in_force(settings) == "none":
        if settings.certificates.source == "none":
            return []
        return [
            Finding(
                "names of customers' domains have no certificates: mail programs find their settings by detours only",
                "set certificates.source (docs/settings.md); `none` if it shall be so",
            )
        ]
    found = list(_ill(settings))
    if len(found) > MOST_NAMED:
        more = f"{len(found) - MOST_NAMED} more names of customers have no good certificate"
        return [*found[:MOST_NAMED], Finding(more, _remedy(settings, None))]
    return found


def _ill(settings: Settings) -> Iterator[Finding]:
    folder = paths(settings).customer_certificate_states
    for file in sorted(folder.glob("*.json")):
        state = read_state(folder, file.stem)
        if state is None:
            yield Finding(f"{file} cannot be read", f"remove {file}, and restart `certificates`")
            continue
        fault = _fault(settings, state)
        if fault:
            yield Finding(fault, _remedy(settings, state.problem))


def _fault(settings: Settings, state: State) -> str:
    """In one line; "" where all is well, or only the customer's DNS is in the way."""
    now = datetime.now(UTC)
    because = f": {state.detail}" if state.detail else ""
    try:
        pem = (paths(settings).customer_certificates / f"{state.name}.pem").read_bytes()
    except OSError:
        return "" if state.problem is Problem.DNS else f"{state.name} has no certificate{because}"
    held, fault = holds(pem, state.name, now)
    if held is None:
        return f"the certificate of {state.name} cannot serve: {fault}"
    if state.problem is not None and state.held_from != state.source:
        return f"{state.name} has an older certificate only, from `{state.held_from}`{because}"
    if state.problem is not None and held.not_valid_after_utc - now < _SOON:
        return f"the certificate of {state.name} ends on {held.not_valid_after_utc:%Y-%m-%d}{because}"
    return ""


def _remedy(settings: Settings, problem: Problem | None) -> str:
    fallback = f"read {paths(settings).log('certificates')}"
    return _REMEDIES.get(problem, fallback) if problem else fallback
