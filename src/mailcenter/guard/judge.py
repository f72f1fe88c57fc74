"""What is done about an attempt, by what is remembered of its network and its account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mailcenter.guard.figures import Figures

SLOW_SECONDS: Final = 5
"""What a stranger waits before each guess at an account that many strangers guess at."""
MOST_COUNTED: Final = 1000
"""Guesses that are kept of one network at the most."""
_CERTAIN: Final = 4
"""So many times the guesses that make strangers wait make them strangers who are turned away."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Before the attempt. `locked_for`: seconds left of the network's lockout, 0 without one.

    `known`: the account was used from there lately. `account_guesses`: different wrong guesses at the account from
    networks that it does not know.
    """

    locked_for: float = 0.0
    known: bool = False
    account_guesses: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service is to do: `allow`, `wait` (seconds) and then look at the password, or `refuse`."""

    action: Literal["allow", "wait", "refuse"] = "allow"
    seconds: int = 0
    why: Literal["", "network", "account"] = ""


ALLOW: Final = Answer()


def before(standing: Standing, figures: Figures) -> Answer:
    """The answer before the password is looked at.

    A spread attack on one account slows the attackers down, and never its owner on a network that the account knows.
    """
    if standing.locked_for > 0:
        return Answer("refuse", round(standing.locked_for), "network")
    if standing.known or standing.account_guesses < figures.account_guesses:
        return ALLOW
    if standing.account_guesses >= _CERTAIN * figures.account_guesses:
        return Answer("refuse", round(figures.account_window), "account")
    return Answer("wait", SLOW_SECONDS, "account")


@dataclass(frozen=True, slots=True)
class Failure:
    """After a wrong password was counted. `different`: wrong guesses of the network at the service within the window.

    `slow`: those of the network at this one account within the longer window. `offences`: lockouts of the network
    lately. `stale`: the password was right once, so nothing was counted.
    """

    different: int
    known: bool = False
    offences: int = 0
    stale: bool = False
    slow: int = 0


@dataclass(frozen=True, slots=True)
class Lockout:
    """What a network is locked out for: so many different guesses within so many seconds (`window`)."""

    seconds: float
    guesses: int
    window: float


def after(failure: Failure, figures: Figures) -> Lockout | None:
    """The network's lockout from the service that begins now, None where none does. Each one doubles the next.

    Too many guesses within a short time do it, or at one account within a long time: who guesses slowly, too, gets
    fewer and fewer guesses. Honest people are far from either: a device repeats one wrong password, which counts once.
    """
    if failure.stale:
        return None
    patience = figures.patience if failure.known else 1
    seconds = min(figures.lockout * 2.0 ** min(failure.offences, 30), figures.longest_lockout)
    if failure.different >= min(figures.guesses * patience, MOST_COUNTED):
        return Lockout(seconds, failure.different, figures.window)
    if failure.slow >= min(figures.slow_guesses * patience, MOST_COUNTED):
        return Lockout(seconds, failure.slow, figures.slow_window)
    return None
