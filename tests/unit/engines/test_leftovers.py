"""What a killed supervisor left behind is recognised, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailcenter.engines import proc
from mailcenter.engines.supervisor import processes
from mailcenter.engines.supervisor.configuration import STATE_VARIABLE, pid_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings
from tests.harness.wait import until

_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            until(lambda: Path(command[0]).name in proc.command_line(child.pid), "the child to run")
            yield child
        finally:
            child.kill()


def _note(settings: Settings, pid: int) -> None:
    file = paths(settings).run("dovecot") / "master.pid"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{pid}\n")


def test_a_marked_process_is_found_and_ended(demo: Settings) -> None:
    state = str(paths(demo).state)
    with _running(["/bin/sleep", "300"], {STATE_VARIABLE: state}) as child:
        assert processes.leftovers(demo) == [child.pid]
        processes.end([child.pid])
        assert child.wait(5) == -signal.SIGTERM
    assert processes.leftovers(demo) == []


def test_another_states_process_is_left_alone(demo: Settings) -> None:
    with _running(["/bin/sleep", "300"], {STATE_VARIABLE: f"{paths(demo).state}2"}):
        assert processes.leftovers(demo) == []


def test_a_pid_file_alone_proves_nothing(demo: Settings) -> None:
    with _running(["/bin/sleep", "300"], {}) as child:
        _note(demo, child.pid)
        assert processes.leftovers(demo) == []


def test_a_pid_file_of_a_process_that_uses_our_files_does(demo: Settings) -> None:
    with _running(["/bin/sh", "-c", f"read x; cat {paths(demo).state}/etc/x"], {}) as child:
        _note(demo, child.pid)
        assert processes.leftovers(demo) == [child.pid]


def test_one_that_ignores_the_request_is_forced() -> None:
    with _running([sys.executable, "-c", _STUBBORN], {}) as child:
        assert child.stdout
        child.stdout.readline()
        processes.end([child.pid], patience=0.2)
        assert child.wait(5) == -signal.SIGKILL


def test_a_stale_pid_file_is_no_supervisor(demo: Settings) -> None:
    assert processes.running_pid(demo) == 0
    with _running(["/bin/sleep", "300"], {}) as child:
        file = pid_file(demo)
        file.parent.mkdir(parents=True)
        file.write_text(f"{child.pid}\n")
        assert processes.running_pid(demo) == 0
    file.write_text("not a number")
    assert processes.running_pid(demo) == 0
