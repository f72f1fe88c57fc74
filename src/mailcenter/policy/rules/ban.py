"""The client's network is not shut out for a while. `policy/bans.py` says for what, `serve/gate/observer.py` counts.

It is asked first and spares nobody but clients that operators always let through: a ban is short and ends by itself.
"""

from __future__ import annotations

from typing import Final

from mailcenter.mail.reply import Reply
from mailcenter.policy.bans import NAME, WINDOW, Cause
from mailcenter.policy.facts import MailFacts
from mailcenter.policy.replies import BANNED
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import Threshold

_SAID: Final[dict[Cause, str]] = {
    "harvesting": "too many unknown recipients",
    "refused": "too many refused mails",
    "errors": "too many errors",
    "guessing": "too many wrong passwords",
    "operator": "by the operators of this site",
}


def check(facts: MailFacts) -> Reply | None:
    session = facts.session
    if session.ban is None:
        return None
    return BANNED.fill(client=session.client_address, minutes=session.ban.minutes, cause=_SAID[session.ban.cause])


RULE = Rule(
    NAME,
    "The client's network is not banned for a while",
    "seeds 0 and 4",
    check,
    thresholds={
        WINDOW: Threshold(600, 10, 86400, "seconds", "within which offences are counted"),
        "unknown_recipients": Threshold(30, 0, 1e6, "recipients", "unknown ones that lead to a ban; 0: none do"),
        "refused_mails": Threshold(
            50, 0, 1e6, "mails", "refused for the client's reputation that lead to one; 0: none"
        ),
        "errors": Threshold(30, 0, 1e6, "errors", "bad addresses and tries to relay that lead to one; 0: none"),
        "forgiven": Threshold(5, 0, 1000, "offences", "that each good mail makes up for"),
        "duration": Threshold(15, 1, 10080, "minutes", "a first ban lasts; each further one twice as long"),
        "longest": Threshold(1440, 1, 43200, "minutes", "a ban lasts at the most"),
        "repeat_days": Threshold(7, 0, 90, "days", "after which an earlier ban is forgotten"),
    },
    reputation=True,
)
