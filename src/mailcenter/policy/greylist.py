"""Whether a mail of a client that is not known yet is put off, on (client's neighbourhood, sender, recipient).

Mail servers try again, most programs that send spam do not. Who has come back once is known from then on. The sender's
domain and the recipient's list of allowed senders only speak for a mail whose sender is proven, and that is known after
the scan: such a mail is let through RCPT, and put off after DATA where the proof is missing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.rulebook import RuleBook

NAME: Final = "greylist"
WAIT, KEEP, KNOWN, GOOD = "wait", "keep_hours", "known_days", "good_mails"

Word = Literal["", "passed", "wrote", "dnswl", "good-client", "waited", "proof-owed", "put-off"]
"""Why it is not put off: the client came back before, somebody here wrote to the sender, a DNS list speaks for the
client, its mail was good before, it has waited, it owes a proof; empty where nothing is remembered."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`seconds`: how long to wait still, of a mail that is put off or owes a proof."""

    word: Word
    seconds: int = 0


def is_asked(book: RuleBook) -> bool:
    """Whether anything is to be remembered for it."""
    return book.is_on(NAME) and book.figure(NAME, WAIT) > 0


def standing(facts: RcptFacts) -> Standing:
    """What is known for and against one recipient's mail."""
    memory, book, client = facts.memory, facts.book, facts.mail.session.client
    if memory is None or not is_asked(book):
        return Standing("")
    good = book.figure(NAME, GOOD) or math.inf
    wait, waited = book.figure(NAME, WAIT), memory.waited
    known: tuple[tuple[bool, Word], ...] = (
        (memory.client_passed, "passed"),
        (memory.wrote, "wrote"),
        (client is not None and bool(client.dnswl), "dnswl"),
        (memory.client_good >= good, "good-client"),
        (waited is not None and waited >= wait, "waited"),
        (waited is None, ""),
    )
    for holds, word in known:
        if holds:
            return Standing(word)
    claims = facts.listed == "allow" or memory.domain_good >= good
    return Standing("proof-owed" if claims else "put-off", math.ceil(wait - (waited or 0.0)))
