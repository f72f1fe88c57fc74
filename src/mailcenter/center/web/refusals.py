"""The page that an SMTP reply links to: what happened to one mail, why, and what its sender can do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mailcenter.center.web.public import public
from mailcenter.center.web.replies import Entry, entry_of
from mailcenter.ledger.refusal import Refusal, Told, refusal_of
from mailcenter.policy.reply_names import name_of


@public
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Only what the sender's server was told anyway, with cause and remedy."""
    refusal = refusal_of(reference)
    if refusal is None:
        return render(request, "center/refusals/unknown.html", {"reference": reference[:40]}, status=404)
    context = {"refusal": refusal, "replies": explained(refusal)}
    return render(request, "center/refusals/show.html", context)


def explained(refusal: Refusal) -> list[tuple[Told, Entry | None]]:
    """Each reply with what it means; several recipients with one reply share one line."""
    found = [(told, name_of(told.code, told.enhanced, told.text)) for told in refusal.told]
    return [(told, entry_of(name) if name else None) for told, name in found]
