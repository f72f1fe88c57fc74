"""What dies is restarted and shown; what a killed supervisor left behind is cleared away; `down` leaves nothing."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import pytest

from mailcenter.engines import proc
from mailcenter.engines.heartbeat import heartbeat_of
from mailcenter.engines.supervisor import processes
from mailcenter.engines.table import programs
from tests.harness.platform import Platform
from tests.harness.wait import until

_KILLED = ("postgres", "redis", "unbound", "clamd", "rspamd", "gate", "ledger", "center", "dovecot", "postfix", "nginx")


def _engine(platform: Platform, name: str) -> dict[str, Any]:
    """As `status` shows it, whatever its exit code."""
    status = json.loads(platform.mailcenter("status", "--json", check=False).stdout)
    found: dict[str, Any] = next(engine for engine in status["engines"] if engine["name"] == name)
    return found


def _group(leader: int) -> list[str]:
    """The members of a process group; the supervisor gives one to each start."""
    return [proc.command_line(pid) for pid in proc.pids() if proc.process_group(pid) == leader and proc.alive(pid)]


@pytest.mark.parametrize("name", _KILLED)
def test_a_daemon_that_dies_comes_back(platform: Platform, name: str) -> None:
    before = _engine(platform, name)["processes"][0]
    os.kill(before["pid"], signal.SIGKILL)

    def is_back() -> dict[str, Any] | None:
        engine = _engine(platform, name)
        process: dict[str, Any] = engine["processes"][0]
        return process if engine["healthy"] and process["pid"] != before["pid"] else None

    after = until(is_back, f"{name} to come back", timeout=60)
    assert after["restarts"] > before["restarts"]
    until(lambda: not _group(before["pid"]), f"all that the killed {name} left behind to be gone")


def test_a_dead_daemon_is_shown_and_the_exit_code_says_so(platform: Platform) -> None:
    """clamd cannot start without signatures; they come back with the next `up`."""
    signatures = platform.paths.data("clamd") / "mailcenter.ndb"
    signatures.unlink()
    os.kill(_engine(platform, "clamd")["processes"][0]["pid"], signal.SIGKILL)
    try:
        until(lambda: not _engine(platform, "clamd")["healthy"], "clamd to be ill")
        assert platform.mailcenter("status", check=False).returncode == 1
        findings = json.loads(platform.mailcenter("doctor", "--json", check=False).stdout)
        assert [one["check"] for one in findings if "clamd" in one["problem"]] == ["changed files", "daemons"]
    finally:
        platform.mailcenter("up")
    assert _engine(platform, "clamd")["healthy"]


def test_after_a_killed_supervisor_up_starts_afresh(platform: Platform) -> None:
    supervisor = processes.running_pid(platform.settings)
    before = {pid for pid in proc.pids() if supervisor in proc.ancestors(pid)} - {supervisor}
    os.kill(supervisor, signal.SIGKILL)
    until(lambda: not proc.alive(supervisor), "the supervisor to die")
    assert platform.mailcenter("status", check=False).returncode == 1
    platform.mailcenter("up", timeout=120)
    assert platform.json("status")["healthy"]
    until(lambda: not any(map(proc.alive, before)), "the old processes to be gone")


def test_down_leaves_nothing_and_up_starts_again(platform: Platform) -> None:
    supervisor = processes.running_pid(platform.settings)
    before = {pid for pid in proc.pids() if supervisor in proc.ancestors(pid)}
    assert len(before) > len(programs(platform.settings))
    try:
        platform.mailcenter("down", timeout=120)
        assert not [pid for pid in before if proc.alive(pid)]
        assert processes.leftovers(platform.settings) == []
        assert "was not running" in platform.mailcenter("down").stdout
        assert platform.mailcenter("status", check=False).returncode == 1
        heartbeat_of(platform.settings, "bans").write_text('{"bans": 4711, "error": ""}')
    finally:
        said = platform.mailcenter("up", timeout=120).stderr
    assert platform.json("status")["healthy"]
    assert "bans: healthy" in said
    assert "4711" not in said, "what a daemon said before it ended is not believed"
