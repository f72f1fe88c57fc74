"""Read the time at the start of a log line: `Nov 22 04:11:00` in local time without a year, or ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_TRADITIONAL_LENGTH = 15
_AHEAD = timedelta(days=2)
"""A date further ahead than this is one of last year: clocks go wrong by less."""


class LogTime:
    """Remembers the last stamp, since many lines share one. `now` is the time of reading, aware."""

    def __init__(self) -> None:
        self._stamp = ""
        self._at = datetime.min.replace(tzinfo=UTC)

    def read(self, line: str, now: datetime) -> tuple[datetime, int]:
        """The time in UTC, and where the rest of the line begins.

        Raises:
            ValueError: the line begins with no time.
        """
        length = _TRADITIONAL_LENGTH if line[3:4] == " " else line.index(" ")
        stamp = line[:length]
        if stamp != self._stamp:
            self._at = _traditional(stamp, now) if length == _TRADITIONAL_LENGTH else _iso(stamp)
            self._stamp = stamp
        return self._at, length + 1


def _iso(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _traditional(stamp: str, now: datetime) -> datetime:
    month = _MONTHS.get(stamp[:3])
    if month is None:
        raise ValueError(f"no month: {stamp!r}")
    day, hour, minute, second = int(stamp[4:6]), int(stamp[7:9]), int(stamp[10:12]), int(stamp[13:15])
    for year in (now.year + 1, now.year, now.year - 1):
        try:
            at = datetime(year, month, day, hour, minute, min(second, 59)).astimezone(UTC)
        except ValueError:  # 29 February in another year
            continue
        if at <= now + _AHEAD:
            return at
    raise ValueError(f"no such day: {stamp!r}")
