"""Whatever moment the daemon dies in, each line is in the database once: crashes at every step, rotation in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailcenter.serve.follower.daemon import Follower
from mailcenter.serve.follower.reading import Reading
from mailcenter.serve.follower.store import Batch, Store
from tests.database.cluster import Cluster
from tests.database.ledger.traffic import Mail, append, mails, spool

_STEPS = ("before writing", "before the commit", "after the commit", "while deleting")


class Crash(BaseException):
    """The daemon is killed here."""


class Killer:
    """Ends the daemon at a step, the next time it comes there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.step = ""
        write, kept, marks = Store.write, Reading.kept, Store._marks

        async def writing(store: Store, batch: Batch) -> None:
            self._pass("before writing")
            await write(store, batch)
            self._pass("after the commit")

        async def marking(store: Store, batch: Batch) -> None:
            await marks(store, batch)
            self._pass("before the commit")

        def keeping(reading: Reading, batch: Batch, taken: Any) -> None:
            if taken.finished:
                taken.finished[0].unlink(missing_ok=True)
                self._pass("while deleting")
            kept(reading, batch, taken)

        monkeypatch.setattr(Store, "write", writing)
        monkeypatch.setattr(Store, "_marks", marking)
        monkeypatch.setattr(Reading, "kept", keeping)

    def _pass(self, step: str) -> None:
        if step == self.step:
            self.step = ""
            raise Crash(step)


def _run(cluster: Cluster, done: Callable[[], bool]) -> None:
    """A daemon, until it crashes or `done`; asked after each of its rounds."""

    async def follow() -> None:
        follower = Follower(cluster.settings)

        def look() -> None:
            if done():
                follower.stop()
            else:
                asyncio.get_running_loop().call_later(0.02, look)

        look()
        await follower.run()

    try:
        asyncio.run(follow())
    except Crash:
        return


def _write(cluster: Cluster, mail: Mail) -> None:
    spool(cluster.paths.ledger_spool, mail.record(), sequence=mail.number // 7)
    append(cluster.paths.log("dovecot"), mail.dovecot())
    append(cluster.paths.log("postfix"), mail.queued(), mail.delivered(), mail.removed())


def _rotate(path: Path, number: int) -> None:
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{number}"))


@pytest.mark.parametrize("seed", range(3))
def test_each_line_once_after_crashes_at_all_steps(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    killer = Killer(monkeypatch)
    all_mails = mails(90)
    left = list(all_mails)
    crashes = 0
    while left:
        for _ in range(chance.randint(1, 12)):
            if left:
                _write(cluster, left.pop(0))
        if chance.random() < 0.3:
            _rotate(cluster.paths.log(chance.choice(("postfix", "dovecot"))), len(left))
        killer.step = chance.choice(_STEPS)
        _run(cluster, lambda: not killer.step or not _behind(cluster))
        crashes += not killer.step
    killer.step = ""
    _run(cluster, lambda: _count(cluster, "ledger_event") >= 3 * len(all_mails) and not _behind(cluster))
    assert crashes > 3
    assert cluster.sql("SELECT count(*), count(DISTINCT reference) FROM ledger_transaction") == [(90, 90)]
    assert cluster.sql("SELECT count(*), count(DISTINCT (reference, kind)) FROM ledger_event") == [(270, 270)]
    assert cluster.sql("SELECT count(*) FROM ledger_event WHERE kind = 'delivered' AND folder <> 'INBOX'") == [(0,)]
    assert _count(cluster, "ledger_waiting") == 0


def _behind(cluster: Cluster) -> bool:
    """Whether the spool holds a file, or a log line is not in the database yet."""
    marks = {row[0]: row[1] for row in cluster.sql("SELECT name, position FROM ledger_source")}
    logs = (("log:postfix", cluster.paths.log("postfix")), ("log:dovecot", cluster.paths.log("dovecot")))
    return any(cluster.paths.ledger_spool.glob("*.jsonl")) or any(
        path.exists() and path.stat().st_size != marks.get(name) for name, path in logs
    )


def _count(cluster: Cluster, table: str) -> int:
    return int(cluster.sql(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - a name of this test
