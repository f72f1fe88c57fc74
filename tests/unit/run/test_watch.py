"""The watch notices a PostgreSQL that was restarted, once, and only when it serves again."""

from __future__ import annotations

from mailcenter.engines.platform.status import EngineStatus, ProcessStatus
from mailcenter.run.watch import Database


def engines(pid: int, *, healthy: bool = True) -> list[EngineStatus]:
    process = ProcessStatus("postgres", "RUNNING", pid, 1, 0)
    return [EngineStatus("redis", True, "", ""), EngineStatus("postgres", healthy, "", "", [process])]


def test_a_restart_is_noticed_once_it_serves() -> None:
    database = Database()
    assert [
        database.is_another(seen)
        for seen in (
            engines(10),
            engines(10),
            engines(0, healthy=False),
            engines(11, healthy=False),
            engines(11),
            engines(11),
            [],
            engines(12),
        )
    ] == [False, False, False, False, True, False, False, True]
