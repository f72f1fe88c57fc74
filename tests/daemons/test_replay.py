"""A corpus of our own through the running platform: every mail refused with a reason or delivered unchanged."""

from __future__ import annotations

from bench.replay.platform import Platform as ReplayPlatform
from bench.replay.run import run

from tests.corpus import ordinary, refusable, torture
from tests.harness.platform import Platform


def test_ordinary_and_nasty_mails_all_arrive_unchanged(platform: Platform) -> None:
    mails = [*ordinary(), *torture()]
    account = run(ReplayPlatform(platform.config), mails, connections=6, seconds=120).account
    assert account.faults == []
    assert account.fates == {"delivered": len(mails)}
    assert account.accepted == account.delivered == len(mails)
    assert account.duplicates == 0


def test_spam_and_virus_are_refused_with_a_reason_that_the_ledger_knows(platform: Platform) -> None:
    mails = refusable()
    account = run(ReplayPlatform(platform.config), mails, connections=2, seconds=60).account
    assert account.faults == []
    assert account.fates == {"refused": len(mails)}
    assert account.delivered == 0
