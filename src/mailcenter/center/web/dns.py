"""The DNS checklist of a domain: what should be there, what is found, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailcenter.center.discovery.lookup import look_up
from mailcenter.center.discovery.records import Found, State, Wanted, state_of, wanted_records
from mailcenter.center.web.access import PLATFORM, READERS, Request, only_for, scope_for
from mailcenter.center.web.settings_names import settings_names
from mailcenter.directory.scope import visible_domains

TOPICS: dict[str, tuple[Promise | str, Promise | str]] = {
    "delivery": (_("Mail to this domain"), _("Leads mail of others to us.")),
    "sender": (_("Mail from this domain"), _("Tells others which servers may send in its name.")),
    "programs": (
        _("Mail programs find their settings"),
        _("With these nobody has to type in server names. Mail works without them."),
    ),
}
STATES: dict[State, tuple[Promise | str, str, Promise | str]] = {
    State.RIGHT: (_("In order"), "good", _("Nothing to do.")),
    State.MISSING: (_("Missing"), "bad", _("Add this record where the domain's DNS is kept.")),
    State.OTHER: (_("Differs"), "wait", _("Change the record that is there, unless you know why it differs.")),
    State.UNKNOWN: (_("No answer"), "quiet", _("The domain's name servers did not answer; look again later.")),
}
"""Name, tone, and what to do."""


_ICONS = {"good": "circle-check", "bad": "circle-x", "wait": "alert-triangle", "quiet": "hourglass"}


@dataclass(frozen=True)
class Line:
    """One record of the list."""

    wanted: Wanted
    found: Found
    state: State

    @property
    def title(self) -> Promise | str:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]

    @property
    def icon(self) -> str:
        return _ICONS[self.tone]

    @property
    def remedy(self) -> Promise | str:
        return STATES[self.state][2]


@only_for(*READERS)
def show(request: Request, pk: int) -> HttpResponse:
    """Asks the resolver anew each time."""
    domain = get_object_or_404(visible_domains(scope_for(request)), pk=pk)
    wanted = wanted_records(settings.MAILCENTER, domain.name)
    lines = [
        Line(record, found, state_of(record, found))
        for record, found in zip(wanted, look_up(settings.MAILCENTER.dns, wanted), strict=True)
    ]
    groups = [(*words, [line for line in lines if line.wanted.topic == topic]) for topic, words in TOPICS.items()]
    found = {line.wanted.name: line.state for line in lines if line.wanted.kind == "CNAME"}
    context = {
        "domain": domain,
        "groups": groups,
        "open": sum(line.state is not State.RIGHT for line in lines),
        "names": settings_names(settings.MAILCENTER, domain.name, found, for_operators=request.user.role in PLATFORM),
    }
    return render(request, "center/domains/dns.html", context)
