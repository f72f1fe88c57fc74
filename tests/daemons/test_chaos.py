"""The same while each part of the platform is killed, or halted: senders are told to come back, and nothing is lost."""

from __future__ import annotations

from bench.replay.chaos import HALTED, VICTIMS
from bench.replay.platform import Platform as ReplayPlatform
from bench.replay.run import run

from tests.corpus import ordinary, refusable, torture
from tests.harness.platform import Platform


def test_no_mail_is_lost_or_refused_when_parts_die(platform: Platform) -> None:
    good, bad = [*ordinary(80), *torture()], refusable()
    result = run(ReplayPlatform(platform.config), [*good, *bad], connections=8, seconds=240, victims=VICTIMS)
    account = result.account
    assert account.faults == []
    assert account.fates == {"delivered": len(good), "refused": len(bad)}
    assert account.accepted == account.delivered
    assert account.deferrals, "nothing was on its way when the parts died: the test proves nothing"
    assert [death.victim for death in result.deaths] == list(VICTIMS)
    assert all(death.back_after is not None for death in result.deaths)
    assert result.audit_agrees, result.audit


def test_no_mail_is_lost_or_refused_when_what_the_gate_asks_is_slow_or_flaps(platform: Platform) -> None:
    good, bad = ordinary(60), refusable()
    mails = [*good, *bad]
    result = run(ReplayPlatform(platform.config), mails, connections=6, seconds=400, victims=HALTED, harm="halt")
    account = result.account
    assert account.faults == []
    assert account.fates == {"delivered": len(good), "refused": len(bad)}
    assert account.accepted == account.delivered
    assert account.deferrals, "nobody waited in vain for the parts that were halted: the test proves nothing"
    assert [death.victim for death in result.deaths] == list(HALTED)
    assert all(death.back_after is not None for death in result.deaths)
    assert result.audit_agrees, result.audit
