"""The story of one mail: what happened, in order and in words, with the technical facts to unfold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailcenter.center.web.access import EVERYONE, Request, only_for, scope_for
from mailcenter.center.web.facts import facts_of
from mailcenter.center.web.verdicts import OUTCOMES, STEPS
from mailcenter.ledger import story as ledger_story
from mailcenter.ledger.queries import story

SERVICES = {
    "mx": gettext_lazy("Mail from other servers"),
    "submission": gettext_lazy("Mail sent by people who signed in"),
    "local": gettext_lazy("Made on this server"),
}


@dataclass(frozen=True)
class Moment:
    """One point of the time line. `detail` is what a server said, mostly in English."""

    at: datetime
    text: str
    detail: str
    icon: str
    tone: str


@only_for(*EVERYONE)
def show(request: Request, key: str) -> HttpResponse:
    """`key` is the reference that stands in the SMTP reply, or a queue id."""
    told = story(scope_for(request), key)
    if told is None:
        raise Http404
    return render(request, "center/ledger/story.html", context_of(told))


def context_of(told: ledger_story.Story) -> dict[str, object]:
    """What the templates of a story need."""
    return {
        "story": told,
        "mail": told.summary,
        "state": OUTCOMES[told.outcome],
        "moments": [_moment(step) for step in told.steps],
        "recipients": [(recipient, OUTCOMES[recipient.outcome]) for recipient in told.summary.recipients],
        "facts": facts_of(told.facts),
        "service": SERVICES.get(told.summary.service, told.summary.service),
        "junk_score": settings.MAILCENTER.spam.junk_score,
        "refuse_score": settings.MAILCENTER.spam.refuse_score,
    }


def _moment(step: ledger_story.Step) -> Moment:
    icon, tone = STEPS[step.code]
    sentence: str = _(ledger_story.STEPS[step.code])
    title, _colon, detail = sentence.partition(": ")
    return Moment(step.at, title % step.params, detail % step.params, icon, tone)
