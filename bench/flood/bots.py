"""The bots: who they are, and what they want. All clients' names lead back to their addresses (`bench.zone`)."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum

from bench.mails import Mail
from bench.smtp import Client, Target, canonical, dot_stuffed
from bench.stack import DOMAIN, RECIPIENTS
from bench.zone import ZONE

BANNED_SOURCE = "127.9.0.7"
"""Bots that connect from here are banned where a stack can ban: only postscreen sees where a connection comes from."""
LISTED = range(1, 101)
"""Last octets of the clients that a DNS block list names."""
_HARVESTERS = range(101, 201)
_SPAMMERS = range(201, 241)
_GOOD = range(241, 255)
_GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


class Sort(StrEnum):
    """Why a bot is to be refused, in the order in which that can be seen."""

    BANNED = "banned address"
    LISTED = "listed address"
    UNKNOWN = "unknown recipient"
    SPAM = "spam"


SHARES: dict[Sort, int] = {Sort.BANNED: 50, Sort.LISTED: 24, Sort.UNKNOWN: 20, Sort.SPAM: 5}
"""Of 99 bots to a good mail: most come from the same few networks again, few get as far as to the content."""


@dataclass(frozen=True)
class Bot:
    """One connection of a bot."""

    sort: Sort
    target: Target
    client: Client
    mail_from: str
    rcpt_to: str
    stuffed: bytes


def bot(sort: Sort, number: int, target: Target) -> Bot:
    """The bot of this number: all but the harvester have the address of a mailbox and a spam for it."""
    octets = {Sort.UNKNOWN: _HARVESTERS, Sort.SPAM: _SPAMMERS}.get(sort, LISTED)
    octet = octets[number % len(octets)]
    name = f"client-{octet}.{ZONE}"
    client = Client(helo=name, name=name, address=f"203.0.113.{octet}")
    if sort is Sort.BANNED:
        target, client = replace(target, source=BANNED_SOURCE), replace(client, address="")
    recipient = f"nobody{number}@{DOMAIN}" if sort is Sort.UNKNOWN else RECIPIENTS[number % len(RECIPIENTS)]
    sender = f"offers{number}@{name}"
    return Bot(sort, target, client, sender, recipient, _spam(sender, recipient, number))


def from_elsewhere(mail: Mail, number: int) -> Mail:
    """A good mail from an address that no bot has."""
    return replace(mail, client=replace(mail.client, address=f"203.0.113.{_GOOD[number % len(_GOOD)]}"))


def flood(count: int, target: Target, seed: int = 1) -> list[Bot]:
    """So many bots of all sorts by their shares, mixed."""
    chance = random.Random(seed)  # noqa: S311 - the same flood each time, nothing secret
    sorts = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    return [bot(sort, number, target) for number, sort in enumerate(sorts)]


def _spam(sender: str, recipient: str, number: int) -> bytes:
    """The test mail that every filter knows as spam, so that the measure does not hang on what was learned."""
    lines = [
        f"From: Offers <{sender}>",
        f"To: <{recipient}>",
        f"Subject: Offer {number}",
        "Date: Thu, 26 Nov 2026 08:00:00 +0000",
        f"Message-ID: <offer-{number}@{ZONE}>",
        "",
        *["Buy now, pay never, and tell all your friends about it."] * 40,
        _GTUBE,
    ]
    return dot_stuffed(canonical("\n".join(lines).encode()))
