"""The watch notices a PostgreSQL that was restarted, once, and only when it serves again, and a table made anew.

Postfix begins anew then; where it did not, it is tried again.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mailcenter.engines.base import EngineError
from mailcenter.engines.platform.status import EngineStatus, ProcessStatus
from mailcenter.run import watch
from mailcenter.run.watch import Database, NewBeginning, Pace, Table, reload_postfix
from mailcenter.settings.model import Sessions, Settings


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


def test_a_table_that_was_made_anew_is_noticed_once() -> None:
    table = Table()
    assert [table.is_another(made) for made in (0, 7, 7, 0, 7, 9, 9)] == [False, True, False, False, False, True, False]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(([engines(10), engines(11)], {"domains": 0, "bans": 0}), id="database"),
        pytest.param(([engines(10)] * 2, {"domains": 7, "bans": 0}), id="domains"),
        pytest.param(([engines(10)] * 2, {"domains": 0, "bans": 7}), id="mark of the bans"),
    ],
)
def test_a_reload_that_failed_is_tried_at_each_look_until_it_works(
    change: tuple[list[list[EngineStatus]], dict[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    (before, after), made = change
    tries: list[bool] = []

    def reload() -> None:
        tries.append(len(tries) > 1)
        if not tries[-1]:
            raise EngineError("Postfix was not reloaded: no answer within 60 seconds", "mailcenter status")

    beginning = NewBeginning(reload)
    beginning.look(before, domains=0, bans=0)
    assert tries == []
    for _ in range(5):
        beginning.look(after, **made)
    assert tries == [False, False, True]
    assert capsys.readouterr().out.count("Postfix was not reloaded") == 2


def test_a_reload_that_hangs_does_not_hold_up_the_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two looks at the whole length of a hanging command would be two minutes."""
    postfix = tmp_path / "postfix"
    postfix.write_text("#!/bin/sh\nexec sleep 60\n")
    postfix.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(watch, "RELOAD_SECONDS", 0.2)
    settings = Settings(host_name="mail.example", state_dir=tmp_path)
    beginning = NewBeginning(lambda: reload_postfix(settings))
    began = time.monotonic()
    for _ in range(2):
        beginning.look(engines(10), domains=7, bans=0)
    assert 0.4 <= time.monotonic() - began < 5
    assert capsys.readouterr().out.count("Postfix was not reloaded: no answer within 0.2 seconds") == 2
    postfix.write_text("#!/bin/sh\n")
    beginning.look(engines(10), domains=7, bans=0)
    postfix.unlink()
    beginning.look(engines(10), domains=7, bans=0)
    assert capsys.readouterr().out == ""


def test_what_sessions_read_is_written_often_enough_and_not_more() -> None:
    settings = Settings(host_name="mail.example", state_dir=Path("/nowhere"))
    usual = Pace(settings)
    assert [usual.is_time(now) for now in (0, 10, 59, 60, 119)] == [True, False, False, True, False]
    short = Pace(settings.model_copy(update={"sessions": Sessions(pop3_idle=100)}))
    assert [short.is_time(now) for now in (100, 109, 110)] == [True, False, True]
