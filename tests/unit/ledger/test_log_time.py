"""Times of log lines, with and without a year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailcenter.ledger.log_time import LogTime


@pytest.mark.parametrize(
    ("line", "now", "expected"),
    [
        ("Nov 22 04:32:45 mail x", "2026-11-22T05:00", "2026-11-22T04:32:45"),
        ("Nov  2 04:32:45 mail x", "2026-11-22T05:00", "2026-11-02T04:32:45"),
        ("Dec 31 23:59:59 mail x", "2027-01-01T00:00", "2026-12-31T23:59:59"),
        ("Jan  1 00:00:01 mail x", "2026-12-31T23:59", "2027-01-01T00:00:01"),
        ("Feb 29 12:00:00 mail x", "2028-03-01T00:00", "2028-02-29T12:00:00"),
        ("Dec 31 23:59:60 mail x", "2027-01-01T00:00", "2026-12-31T23:59:59"),
    ],
)
def test_the_year_is_the_one_that_fits(line: str, now: str, expected: str) -> None:
    at, rest = LogTime().read(line, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (at, line[rest:]) == (datetime.fromisoformat(expected).astimezone(UTC), "mail x")


def test_iso_times_hold_their_zone() -> None:
    at, rest = LogTime().read("2026-11-22T05:32:45+0100 lmtp", datetime.now(UTC))
    assert (at, rest) == (datetime(2026, 11, 22, 4, 32, 45, tzinfo=UTC), 25)


@pytest.mark.parametrize("line", ["", "nothing", "Foo 22 04:32:45 mail", "Nov 99 04:32:45 mail", "2026-99-22T05 x"])
def test_no_time(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        LogTime().read(line, datetime.now(UTC))
