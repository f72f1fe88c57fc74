"""What the ledger tells about one transaction: values for screens, API and command line, in no particular language.

A step is a code with parameters; `STEPS` holds the English sentence of each code, which the center translates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

STEPS: dict[str, str] = {
    "connected": gettext_noop("%(client)s connected and introduced itself as %(helo)s"),
    "connected_tls": gettext_noop("%(client)s connected (%(tls)s) and introduced itself as %(helo)s"),
    "logged_in": gettext_noop("Logged in as %(login)s"),
    "made_here": gettext_noop("Made on this server"),
    "sender": gettext_noop("Sender %(mail_from)s"),
    "recipient_accepted": gettext_noop("Recipient %(address)s accepted"),
    "recipient_refused": gettext_noop("Recipient %(address)s refused: %(code)s %(reply)s"),
    "recipient_postponed": gettext_noop("Recipient %(address)s put off: %(code)s %(reply)s"),
    "accepted": gettext_noop("Accepted"),
    "refused": gettext_noop("Refused: %(code)s %(reply)s"),
    "postponed": gettext_noop("Put off, the sender is to try again later: %(code)s %(reply)s"),
    "aborted": gettext_noop(
        "Ended before a verdict: the client went away or began anew, or the mail was over the size limit"
    ),
    "queued": gettext_noop("In the queue as %(queue_id)s"),
    "delivered": gettext_noop("Delivered to %(recipient)s"),
    "delivered_folder": gettext_noop("Delivered to %(recipient)s into the folder %(folder)s"),
    "relayed": gettext_noop("Handed over for %(recipient)s to %(relay)s: %(text)s"),
    "deferred": gettext_noop("Not yet delivered to %(recipient)s, will be tried again: %(text)s"),
    "bounced": gettext_noop("Could not be delivered to %(recipient)s: %(text)s"),
    "expired": gettext_noop("Given up after too long a time in the queue"),
    "discarded": gettext_noop("Discarded by a rule of %(recipient)s"),
    "discarded_queue": gettext_noop("Removed from the queue by the operator"),
    "redirected": gettext_noop("Redirected by a rule of %(recipient)s to %(final_recipient)s"),
    "redirected_hidden": gettext_noop("Redirected by a rule of %(recipient)s"),
    "replied": gettext_noop("A rule of %(recipient)s answered the sender"),
    "not_taken": gettext_noop("Put off after all, the sender is to try again later: %(text)s"),
    "bounce_sent": gettext_noop("Notice of non-delivery made for the sender"),
    "bounce_delivered": gettext_noop("Notice of non-delivery delivered to %(recipient)s"),
    "bounce_undelivered": gettext_noop("Notice of non-delivery could not be delivered to %(recipient)s: %(text)s"),
    "notified": gettext_noop("Notice about the delivery made for the sender"),
    "recipient_told": gettext_noop("Notice about the refusal sent to the reader of %(address)s"),
    "recipient_not_told": gettext_noop("Notice about the refusal could not be sent to the reader of %(address)s"),
    "removed": gettext_noop("Done, left the queue"),
}

OUTCOMES: dict[str, str] = {
    "delayed": gettext_noop("Waiting in the queue, will be tried again"),
    "queued": gettext_noop("Accepted, on its way"),
    "not_taken": gettext_noop("Put off after all, the sender is to try again later"),
    "bounced": gettext_noop("Could not be delivered"),
    "expired": gettext_noop("Given up after too long a time in the queue"),
    "refused": gettext_noop("Refused"),
    "postponed": gettext_noop("Put off, the sender is to try again later"),
    "aborted": gettext_noop("Ended before a verdict"),
    "discarded": gettext_noop("Discarded by the owner's rule"),
    "redirected": gettext_noop("Redirected by the owner's rule"),
    "delivered": gettext_noop("Delivered"),
}
"""What became of a mail; where recipients differ, the first of this order that applies stands for the whole."""

OUTCOME_OF_VERDICT = {"accept": "queued", "reject": "refused", "defer": "postponed", "abort": "aborted"}


@dataclass(frozen=True)
class Step:
    """One thing that happened. `text` is the English sentence; `STEPS[code]` with `params` makes it in any language."""

    at: datetime
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return STEPS[self.code] % self.params


@dataclass(frozen=True)
class RecipientState:
    """One recipient and what became of the mail for him; `folders` only where the reader may know them."""

    address: str
    kind: str
    verdict: str
    outcome: str
    junk: bool = False
    code: int = 250
    enhanced: str = ""
    reply: str = ""
    rule: str = ""
    treatment: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """One line of a list. `outcome` is a key of `OUTCOMES`; `cursor` continues the list after this line."""

    reference: str
    node: str
    started_at: datetime
    ended_at: datetime
    service: str
    client_address: str
    client_name: str
    login: str
    mail_from: str
    header_from: str
    subject: str
    size: int
    score: float | None
    verdict: str
    code: int
    enhanced: str
    reply: str
    rule: str
    queue_id: str
    recipients: tuple[RecipientState, ...]
    outcome: str

    @property
    def cursor(self) -> str:
        return f"{self.started_at.isoformat()}~{self.reference}"

    @property
    def outcome_text(self) -> str:
        """The outcome in English; with the reply, or the folders, where there are any."""
        text = OUTCOMES[self.outcome]
        if self.outcome in ("refused", "postponed"):
            replies = (self.reply, *(recipient.reply for recipient in self.recipients))
            return f"{text}: {next(filter(None, replies), '')}".removesuffix(": ")
        folders = dict.fromkeys(folder for recipient in self.recipients for folder in recipient.folders)
        return f"{text} ({', '.join(folders)})" if folders else text


@dataclass(frozen=True)
class Story:
    """The whole life of one transaction, as far as the reader may know it."""

    summary: Summary
    helo: str
    tls: str
    stage: str
    message_id: str
    facts: dict[str, Any]
    queue_ids: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def reference(self) -> str:
        return self.summary.reference

    @property
    def outcome(self) -> str:
        return self.summary.outcome

    @property
    def outcome_text(self) -> str:
        return self.summary.outcome_text
