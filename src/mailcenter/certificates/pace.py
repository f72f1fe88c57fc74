"""When a certificate is renewed, and how long is waited after a failure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mailcenter.certificates.state import Problem

RENEW_BEFORE: Final = timedelta(days=30)
_BOUNDS: Final = {
    # Let's Encrypt counts five refusals of a name an hour.
    Problem.REFUSED: (timedelta(minutes=20), timedelta(days=1)),
    Problem.LIMITED: (timedelta(hours=1), timedelta(hours=4)),
    Problem.UNREACHABLE: (timedelta(minutes=1), timedelta(hours=1)),
    Problem.OURS: (timedelta(minutes=1), timedelta(hours=1)),
}
"""First and longest pause; each is twice as long as the one before."""
_STEADY: Final = 12
"""Looks, after which those that follow are half as many."""


def renewal(not_before: datetime, not_after: datetime) -> datetime:
    """30 days before its end; where that is less than a third of its life, when a third is left."""
    return not_after - min(RENEW_BEFORE, (not_after - not_before) / 3)


def pause(problem: Problem, tries: int, look_every: timedelta) -> timedelta:
    """After so many failures in a row, the last of which was this.

    A look into a folder costs nobody anything. A name that does not lead here is looked at steadily for a while; whose
    record is not made by then may stay so.
    """
    if problem is Problem.DNS:
        slower: int = 2 ** min(tries // _STEADY, 5)
        return look_every * slower
    if problem not in _BOUNDS:
        return look_every
    first, longest = _BOUNDS[problem]
    doubled: int = 2 ** min(tries - 1, 20)
    return min(first * doubled, longest)
