"""The moments at which parts are killed."""

from __future__ import annotations

import asyncio
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from bench.replay import chaos
from bench.replay.chaos import VICTIMS, Moment, moments
from bench.replay.sender import Pace


def test_everyone_dies_once_with_mails_on_their_way() -> None:
    found = moments(VICTIMS, 160)
    assert [moment.victim for moment in found] == list(VICTIMS)
    assert set(VICTIMS) == {"rspamd", "clamd", "gate", "gate worker", "dovecot", "postgres", "ledger", "domains"}
    assert all(before.limit <= after.at for before, after in pairwise(found))
    assert all(moment.at < moment.limit for moment in found)
    assert found[0].at > 0
    assert found[-1].limit == 160


def test_whoever_is_halted_goes_on_and_meets_all_mails_of_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaos, "_HALTS", (0.01, 0.01, 0.01))
    monkeypatch.setattr(chaos, "_BETWEEN_HALTS", 0.0)
    pace = Pace(4)
    with subprocess.Popen(["sleep", "60"]) as victim:
        asyncio.run(chaos.halt(victim.pid, Moment("sleep", 4, 14), pace))
        state = Path(f"/proc/{victim.pid}/stat").read_text().rpartition(")")[2].split()[0]
        victim.kill()
    assert pace.limit == 14
    assert state in ("S", "R"), "it goes on"
