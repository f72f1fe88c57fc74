"""What became of a mail, in words, with an icon and a tone: never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailcenter.ledger.story import Summary


@dataclass(frozen=True)
class State:
    """`tone` is good, bad, wait or quiet."""

    text: Promise | str
    icon: str
    tone: str


OUTCOMES: dict[str, State] = {
    "delivered": State(_("Delivered"), "circle-check", "good"),
    "queued": State(_("On its way"), "mail-fast", "wait"),
    "delayed": State(_("Waiting, will be tried again"), "hourglass", "wait"),
    "refused": State(_("Refused"), "circle-x", "bad"),
    "postponed": State(_("Put off, the sender tries again"), "clock-pause", "wait"),
    "not_taken": State(_("Put off, the sender tries again"), "clock-pause", "wait"),
    "aborted": State(_("Broken off by the sender"), "plug-connected", "quiet"),
    "bounced": State(_("Returned to the sender"), "mail-x", "bad"),
    "expired": State(_("Given up, the sender was told"), "mail-x", "bad"),
    "discarded": State(_("Discarded by the owner's rule"), "trash", "quiet"),
    "redirected": State(_("Sent on by the owner's rule"), "arrow-forward-up", "good"),
}
"""For each key of `mailcenter.ledger.story.OUTCOMES`."""

VERDICTS = [("accept", _("Accepted")), ("reject", _("Refused")), ("defer", _("Put off")), ("abort", _("Broken off"))]
"""The filter of the ledger, in the words of the screens."""

STEPS: dict[str, tuple[str, str]] = {
    "connected": ("plug-connected", "quiet"),
    "connected_tls": ("lock", "quiet"),
    "logged_in": ("user", "quiet"),
    "made_here": ("server", "quiet"),
    "sender": ("send", "quiet"),
    "recipient_accepted": ("at", "quiet"),
    "recipient_refused": ("circle-x", "bad"),
    "recipient_postponed": ("clock-pause", "wait"),
    "accepted": ("shield-check", "good"),
    "refused": ("shield-x", "bad"),
    "postponed": ("clock-pause", "wait"),
    "aborted": ("x", "quiet"),
    "queued": ("inbox", "quiet"),
    "delivered": ("mail-check", "good"),
    "delivered_folder": ("mail-check", "good"),
    "relayed": ("mail-check", "good"),
    "deferred": ("hourglass", "wait"),
    "bounced": ("mail-x", "bad"),
    "expired": ("mail-x", "bad"),
    "discarded": ("trash", "quiet"),
    "discarded_queue": ("trash", "bad"),
    "redirected": ("arrow-forward-up", "good"),
    "redirected_hidden": ("arrow-forward-up", "good"),
    "replied": ("send", "quiet"),
    "not_taken": ("clock-pause", "wait"),
    "bounce_sent": ("mail-off", "quiet"),
    "bounce_delivered": ("mail-check", "quiet"),
    "bounce_undelivered": ("mail-x", "bad"),
    "notified": ("info-circle", "quiet"),
    "recipient_told": ("mail-check", "good"),
    "recipient_not_told": ("mail-x", "bad"),
    "removed": ("check", "quiet"),
}
"""Icon and tone for each key of `mailcenter.ledger.story.STEPS`."""


def mail_rows(summaries: Sequence[Summary]) -> list[tuple[Summary, State]]:
    """Lines of a list of mails, each with what became of it."""
    return [(summary, OUTCOMES[summary.outcome]) for summary in summaries]


def filed_as_junk(summary: Summary) -> bool:
    """Whether it was taken, but held to be spam."""
    return summary.verdict == "accept" and any(recipient.junk for recipient in summary.recipients)
