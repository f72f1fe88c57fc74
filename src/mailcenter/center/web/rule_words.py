"""The rules' figures, units and stages in the words of the screens; what a rule means stands in `reasons`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIGURES: dict[tuple[str, str], Promise | str] = {
    ("ban", "window"): _("Time within which offences are counted"),
    ("ban", "unknown_recipients"): _("Unknown recipients that lead to a ban; 0: none do"),
    ("ban", "refused_mails"): _("Mails refused for the client's reputation that lead to a ban; 0: none do"),
    ("ban", "errors"): _("Bad addresses and tries to relay that lead to a ban; 0: none do"),
    ("ban", "forgiven"): _("Offences that each good mail makes up for"),
    ("ban", "duration"): _("Duration of a first ban; each further one lasts twice as long"),
    ("ban", "longest"): _("Longest duration of a ban"),
    ("ban", "repeat_days"): _("Time after which an earlier ban is forgotten"),
    ("dnsbl", "defer_from"): _("Weight of listings from which a client is put off"),
    ("dnsbl", "refuse_from"): _("Weight of listings from which a client is refused"),
    ("dnsbl", "pool_weight"): _("What a name of a dial-in pool adds to a listing"),
    ("rate", "window"): _("Time within which mails are counted"),
    ("rate", "client_mails"): _("Mails from a client (IPv4 address or IPv6 /64); 0: any number"),
    ("rate", "sender_mails"): _("Mails from an envelope sender; 0: any number"),
    ("rate", "recipient_mails"): _("Mails to a recipient; 0: any number"),
    ("greylist", "wait"): _("Time until a second try is taken; 0: nothing is put off"),
    ("greylist", "keep_hours"): _("Time within which the second try must come"),
    ("greylist", "known_days"): _("Time that a client, a domain, a list, or who was written to is known"),
    ("greylist", "good_mails"): _("Good mails from a client or a proven domain that make it known; 0: none do"),
    ("attachments", "refuse_scripts"): _("Refuse scripts under a harmless name"),
    ("attachments", "refuse_encrypted"): _("Refuse encrypted archives, unless the domain decides otherwise"),
    ("attachments", "refuse_excessive"): _("Refuse archives that are too deep, too large or too slow to look through"),
    ("spam", "junk_score"): _("Score from which a mail is suspicious"),
    ("spam", "refuse_score"): _("Score from which a mail is refused"),
}
"""By rule and threshold; a test holds it to `policy.table`."""

YES_OR_NO = "0 or 1"
"""The unit of a figure that is a switch."""

UNITS: dict[str, Promise | str] = {
    "points": _("points"),
    "seconds": _("seconds"),
    "mails": _("mails"),
    "minutes": _("minutes"),
    "hours": _("hours"),
    "days": _("days"),
    "recipients": _("recipients"),
    "errors": _("errors"),
    "offences": _("offences"),
    YES_OR_NO: "",
}

STAGES: dict[str, Promise | str] = {
    "MAIL": _("Sender"),
    "RCPT": _("Recipient"),
    "RCPT, last": _("Recipient, after all others"),
    "DATA": _("Message"),
    "scan": _("Message, after the scanners"),
}
