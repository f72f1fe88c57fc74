"""The moments at which parts are killed."""

from __future__ import annotations

from itertools import pairwise

from bench.replay.chaos import VICTIMS, moments


def test_everyone_dies_once_with_mails_on_their_way() -> None:
    found = moments(VICTIMS, 160)
    assert [moment.victim for moment in found] == list(VICTIMS)
    assert set(VICTIMS) == {"rspamd", "clamd", "gate", "gate worker", "dovecot", "postgres", "ledger"}
    assert all(before.limit <= after.at for before, after in pairwise(found))
    assert all(moment.at < moment.limit for moment in found)
    assert found[0].at > 0
    assert found[-1].limit == 160
