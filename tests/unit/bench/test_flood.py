"""The flood's bots, and the figures of its report."""

from __future__ import annotations

from collections import Counter

from bench.flood.bots import SHARES, Sort, bot, flood
from bench.flood.report import percentile
from bench.smtp import Target

TARGET = Target("127.0.0.1", 25)


def test_bots_come_by_their_shares_and_the_same_each_time() -> None:
    bots = flood(9900, TARGET)
    counts = Counter(one.sort for one in bots)
    assert all(abs(counts[sort] - 100 * share) < 200 for sort, share in SHARES.items())
    assert [one.sort for one in flood(9900, TARGET)] == [one.sort for one in bots]


def test_only_banned_bots_come_from_another_address() -> None:
    assert {sort for sort in Sort if bot(sort, 1, TARGET).target.source} == {Sort.BANNED}


def test_each_sort_has_addresses_of_its_own() -> None:
    listed, unknown, spam = (
        {bot(sort, number, TARGET).client.address for number in range(300)}
        for sort in (Sort.LISTED, Sort.UNKNOWN, Sort.SPAM)
    )
    assert not listed & unknown
    assert not listed & spam
    assert not unknown & spam


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([7.0], 0.99)) == (50, 99, 7)
