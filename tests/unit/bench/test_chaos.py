"""The moments at which parts are killed."""

from __future__ import annotations

from bench.replay.chaos import VICTIMS, moments


def test_everyone_dies_once_and_never_at_the_very_end() -> None:
    found = moments(VICTIMS, 160)
    assert [victim for _, victim in found] == list(VICTIMS)
    assert set(VICTIMS) == {"rspamd", "clamd", "gate", "gate worker", "dovecot", "postgres", "ledger"}
    times = [at for at, _ in found]
    assert times == sorted(times)
    assert times[0] >= 10
    assert times[-1] <= 150
