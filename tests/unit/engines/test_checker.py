"""Running a daemon's tools."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from psutil import STATUS_ZOMBIE, NoSuchProcess, Process

from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import last_words, run
from tests.harness.wait import until


def test_what_a_program_says_is_given() -> None:
    assert run(["cat"], failure="no", stdin="hello") == "hello"


def test_a_user_has_no_way_back_to_root() -> None:
    said = run(
        ["sh", "-c", "id -un; id -gn; grep -E 'CapBnd|NoNewPrivs' /proc/self/status"], failure="no", user="www-data"
    )
    assert said.split() == ["www-data", "www-data", "CapBnd:", "0000000000000000", "NoNewPrivs:", "1"]


def test_a_failure_has_the_programs_words() -> None:
    with pytest.raises(EngineError, match=r"^it refuses: line 7: bad$") as caught:
        run(["sh", "-c", "echo line 7: bad >&2; exit 3"], failure="it refuses", remedy="mend it")
    assert caught.value.remedy == "mend it"


def test_a_silent_failure_has_its_exit_code() -> None:
    with pytest.raises(EngineError, match="it refuses: exit code 3"):
        run(["sh", "-c", "exit 3"], failure="it refuses")


def test_a_missing_program_is_named() -> None:
    with pytest.raises(EngineError, match="there is no no-such-program"):
        run(["no-such-program"], failure="it refuses")


def test_a_hanging_program_is_ended() -> None:
    with pytest.raises(EngineError, match=r"no answer within 0\.1 seconds"):
        run(["sleep", "5"], failure="it refuses", timeout=0.1)


def test_what_a_hanging_program_has_started_is_ended_too(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    with pytest.raises(EngineError, match="no answer"):
        run(["sh", "-c", f"sleep 60 & echo $! >{started}; wait"], failure="it refuses", timeout=5)
    until(lambda: _is_over(int(started.read_text())), "it to end")


def test_what_a_program_leaves_behind_is_not_waited_for() -> None:
    began = time.monotonic()
    (pid,) = run(["sh", "-c", "sleep 60 & echo $!"], failure="no").split()
    assert time.monotonic() - began < 30
    os.kill(int(pid), signal.SIGKILL)  # and it goes on until then


def _is_over(pid: int) -> bool:
    """Gone, or waiting for somebody to take notice."""
    try:
        return bool(Process(pid).status() == STATUS_ZOMBIE)
    except NoSuchProcess:
        return True


def test_last_words_are_the_last_lines() -> None:
    assert last_words("one\n\n two \nthree\n", lines=2) == "two | three"
