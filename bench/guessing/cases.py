"""The cases: who tries to log in from where, when, and with which password."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

START = 1_800_000_000.0
HOME, ATTACKER = "192.0.2.7", "203.0.113.66"
OWNER = "alice@demo.example"


@dataclass(frozen=True, slots=True)
class Try:
    """`given`: the password; `right`: it is the present one; `honest`: made by somebody who owns the account."""

    at: float
    service: str
    address: str
    login: str
    given: str
    right: bool
    honest: bool


@dataclass(frozen=True, slots=True)
class Case:
    """`known`: logins that went well earlier, by which the account knows the network and the password."""

    name: str
    tries: tuple[Try, ...]
    known: tuple[Try, ...] = ()


def good(at: float, address: str = HOME, login: str = OWNER, given: str = "now", service: str = "imap") -> Try:
    return Try(START + at, service, address, login, given, right=True, honest=True)


def slip(at: float, given: str, address: str = HOME, login: str = OWNER, service: str = "imap") -> Try:
    """A wrong password of an honest person or his device."""
    return Try(START + at, service, address, login, given, right=False, honest=True)


def guess(at: float, given: str, address: str = ATTACKER, login: str = OWNER) -> Try:
    return Try(START + at, "imap", address, login, given, right=False, honest=False)


def cases() -> Iterator[Case]:
    """All of them, their tries in the order of time."""
    used = (good(-3600, given="old"), good(-60))
    phone = [slip(30 * number, "old") for number in range(120)]
    computer = [good(300 * number + 7) for number in range(12)]
    yield Case("a phone repeats an old password every 30 s for an hour, the computer beside it is right",
               _ordered(phone, computer), used)  # fmt: skip
    names = (OWNER, OWNER.partition("@")[0], OWNER.upper(), f"demo\\{OWNER}")
    wizard = [
        good(number, login=name, service=service)
        if name.lower() == OWNER
        else slip(number, "now", login=name, service=service)
        for number, (name, service) in enumerate((name, service) for name in names for service in ("imap", "pop3"))
    ]
    more = [slip(20 + number, "now", login=names[1], service="imap") for number in range(4)]
    yield Case("a newcomer's wizard tries 12 combinations with the right password", _ordered(wizard, more, [good(60)]))
    yield Case("one mistyped password, corrected", (slip(0, "nwo"), good(20)))
    family = [f"kid{number}@demo.example" for number in range(6)]
    household = [
        slip(60 * step + number, "old", login=name) for step in range(20) for number, name in enumerate(family)
    ]
    household += [slip(601 + number, "nwo", login=name) for number, name in enumerate(family)]
    household += [good(320 + 600 * step + number, login=name) for step in (0, 1) for number, name in enumerate(family)]
    yield Case("six people behind one address, six old passwords, each mistypes once",
               _ordered(household), tuple(good(-60, login=name, given="old") for name in family))  # fmt: skip
    yield Case("brute force: 200 passwords in 200 s", tuple(guess(number, f"guess{number}") for number in range(200)))
    slow = tuple(guess(200 * number, f"guess{number}") for number in range(200))
    yield Case("slow brute force: 200 passwords, one every 200 s", slow)
    day = [slip(1800 * number, f"slip{number}") for number in range(48)]
    day += [slip(600 * number + 300, "old") for number in range(144)]
    yield Case("a day at home: a slip every half hour, put right a minute later, and a phone with an old password",
               _ordered(day, [good(1800 * number + 60) for number in range(48)]), used)  # fmt: skip
    spread = [guess(number, f"guess{number}", f"10.{number // 250}.{number % 250}.9") for number in range(500)]
    yield Case("500 networks guess at one account while its owner works",
               _ordered(spread, [good(60 * number + 0.5) for number in range(8)]), used)  # fmt: skip


def _ordered(*parts: list[Try]) -> tuple[Try, ...]:
    return tuple(sorted((one for part in parts for one in part), key=lambda one: one.at))
