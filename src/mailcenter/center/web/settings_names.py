"""Whether mail programs get a domain's settings over HTTPS: each of its names with its certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailcenter.center.discovery import records
from mailcenter.certificates.names import names_of
from mailcenter.certificates.source import source_in_force
from mailcenter.certificates.state import Problem, State, read_state
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_PROBLEMS: dict[Problem, Promise | str] = {
    Problem.DNS: _("The platform gets a certificate as soon as the name's DNS record leads here."),
    Problem.REFUSED: _("The authority that makes certificates refuses one for this name. Its words:"),
    Problem.LIMITED: _("The authority that makes certificates gives no more of them for a while."),
    Problem.UNREACHABLE: _("The authority that makes certificates does not answer."),
    Problem.MISSING: _("The operators of this platform have not put a certificate for this name in place yet."),
    Problem.UNFIT: _("The certificate that came for this name does not fit; the operators can see why."),
    Problem.OURS: _("The platform could not get a certificate; it tries again by itself."),
}


@dataclass(frozen=True)
class SettingsName:
    """One name. `until`: end of the certificate in force; `detail`: in English."""

    name: str
    title: Promise | str
    tone: str
    icon: str
    until: datetime | None = None
    remedy: Promise | str = ""
    detail: str = ""
    next_look: datetime | None = None
    problem: Problem | None = None


def settings_names(
    settings: Settings, domain: str, leads_here: Mapping[str, records.State], *, for_operators: bool
) -> list[SettingsName]:
    """Those of a domain.

    Args:
        leads_here: what was found of each name's DNS record.
        for_operators: with all details; customers see what an authority says about their name.
    """
    if source_in_force(settings) == "none":
        return []
    folder = paths(settings).customer_certificate_states
    found = [_one(name, read_state(folder, name), leads_here.get(name)) for name in names_of(domain)]
    return [one if for_operators or one.problem is Problem.REFUSED else replace(one, detail="") for one in found]


def _one(name: str, state: State | None, record: records.State | None) -> SettingsName:
    if state is None:
        return SettingsName(name, _("In progress"), "quiet", "hourglass", remedy=_("Look again in a minute."))
    held = state.until if state.until and state.until > datetime.now(UTC) else None
    detail = state.detail
    if held is None:
        waits = state.problem is Problem.DNS
        title = _("Waits for the DNS record") if waits else _("No certificate")
        tone, icon = ("wait", "hourglass") if waits else ("bad", "circle-x")
        remedy = _PROBLEMS[state.problem or Problem.OURS]
        return SettingsName(name, title, tone, icon, None, remedy, detail, state.next_look, state.problem)
    if record in {records.State.MISSING, records.State.OTHER}:
        remedy = _("The certificate is there; the name's DNS record must lead here.")
        return SettingsName(name, _("Waits for the DNS record"), "wait", "hourglass", held, remedy)
    if state.problem is not None:
        remedy = _PROBLEMS[state.problem]
        title = _("Works, but is not renewed")
        return SettingsName(name, title, "wait", "alert-triangle", held, remedy, detail, state.next_look, state.problem)
    return SettingsName(name, _("Works"), "good", "circle-check", held)
