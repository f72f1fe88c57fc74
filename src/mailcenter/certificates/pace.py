"""When a certificate is renewed, and how long is waited after a failure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mailcenter.certificates.state import Problem

RENEW_BEFORE: Final = timedelta(days=30)
_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=1)


def renewal(not_before: datetime, not_after: datetime) -> datetime:
    """30 days before its end; where that is less than a third of its life, when a third is left."""
    return not_after - min(RENEW_BEFORE, (not_after - not_before) / 3)


def pause(problem: Problem, tries: int, look_every: timedelta) -> timedelta:
    """After so many failures in a row, the last of which was this.

    What costs nobody anything (a question to our resolver, a look into a folder) is asked at a steady pace.
    """
    if problem in {Problem.DNS, Problem.MISSING, Problem.UNFIT}:
        return look_every
    doubled: int = 2 ** min(tries - 1, 10)
    return min(_FIRST * doubled, _LONGEST)
