"""Start the supervisor as a daemon, wait for its end, and clear away what a killed one left behind."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from mailcenter.engines import proc
from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import run
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.engines.supervisor.configuration import PATH, STATE_VARIABLE, config_file, log_file, pid_file
from mailcenter.engines.supervisor.groups import members
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_FILES = 65536
_START_SECONDS = 20.0
_TERM_SECONDS = 15.0
_KILL_SECONDS = 5.0
_POLL_SECONDS = 0.05


def running_pid(settings: Settings) -> int:
    """The process id of this state's supervisor, 0 where none lives; a stale pid file is seen through."""
    pid = _pid_in(pid_file(settings))
    return pid if proc.alive(pid) and str(config_file(settings)) in proc.command_line(pid) else 0


def start(settings: Settings) -> None:
    """Start the supervisor in the background; it starts no program by itself.

    Raises:
        EngineError: it does not come up.
    """
    _raise_file_limit()
    _let_work_end()
    remedy = f"read the end of {log_file(settings)}"
    log_file(settings).touch()
    log_file(settings).chmod(0o640)
    clean = [f"PATH={PATH}", "LC_ALL=C.UTF-8", "HOME=/nonexistent", f"{STATE_VARIABLE}={paths(settings).state}"]
    supervisord = [sys.executable, "-m", "supervisor.supervisord", "-c", str(config_file(settings))]
    # Nothing of the caller's environment is a daemon's business.
    run(["/usr/bin/env", "-i", *clean, *supervisord], failure="the supervisor does not start", remedy=remedy)
    supervisor = Supervisor(settings)
    if not _wait(lambda: running_pid(settings) > 0 and supervisor.answers(), _START_SECONDS):
        raise EngineError(f"the supervisor did not answer within {_START_SECONDS:g} seconds", remedy)


def _raise_file_limit() -> None:
    """Mail daemons hold many connections; children inherit the limit. The hard limit is the administrator's word."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _let_work_end() -> None:
    """A daemon that wakes up does not drive another off its core in the middle of its work (sched(7), SCHED_BATCH).

    A mail goes through a dozen daemons: whoever is let finish finds its caches warm, and wakes the next once instead of
    many times. Children inherit it; where it is not allowed, all is as without.
    """
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def stop(settings: Settings, *, seconds: float) -> bool:
    """Stop all programs and the supervisor; tells whether it was running.

    Raises:
        EngineError: it is still there after so many seconds.
    """
    pid = running_pid(settings)
    if not pid:
        return False
    supervisor = Supervisor(settings)
    if supervisor.answers():
        supervisor.shut_down()
    else:
        os.kill(pid, signal.SIGTERM)
    if not _wait(lambda: not proc.alive(pid), seconds):
        raise EngineError(
            f"the supervisor (process {pid}) did not end within {seconds:g} seconds", "see `mailcenter status`"
        )
    return True


def leftovers(settings: Settings) -> list[int]:
    """Processes of this state without the supervisor: marked by it in their environment, or noted in files of ours.

    A number in a pid file alone proves nothing, it may have been given to another process since: that process must
    also name the state directory in its command line or environment. Some daemons overwrite theirs; their processes
    are known by the group that they were started in.
    """
    state = str(paths(settings).state)
    supervisor = running_pid(settings)
    spared = proc.ancestors(os.getpid())
    marked = {pid for pid in proc.pids() if f"{STATE_VARIABLE}={state}" in proc.environment(pid)}
    named = {pid for pid in map(_pid_in, _pid_files(paths(settings).state)) if _mentions(pid, state)}
    found = {pid for pid in (marked | named | members(settings)) - spared if proc.alive(pid)}
    return sorted(pid for pid in found if not supervisor or supervisor not in proc.ancestors(pid))


def end(found: Iterable[int], *, patience: float = _TERM_SECONDS) -> None:
    """Ask processes to end, and force those that have not after `patience` seconds.

    Raises:
        EngineError: one does not even end by SIGKILL.
    """
    remaining = list(found)
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, _KILL_SECONDS)):
        for pid in remaining:
            _signal(pid, number)
        deadline = time.monotonic() + seconds
        while (remaining := [pid for pid in remaining if proc.alive(pid)]) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
    if remaining:
        raise EngineError(f"processes left by an earlier start do not end: {remaining}", "end them by hand")


def _signal(pid: int, number: signal.Signals) -> None:
    # PostgreSQL's SIGTERM waits for its clients; SIGINT ends it at once and cleanly.
    if number == signal.SIGTERM and "/postgres " in proc.command_line(pid):
        number = signal.SIGINT
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _pid_files(state: Path) -> list[Path]:
    places = [*(state / "run").glob("*/*.pid"), *(state / "data").glob("*/postmaster.pid")]
    return [*places, *state.glob("*/*/pid/master.pid"), *state.glob("*/*/master.lock")]


def _pid_in(path: Path) -> int:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def _mentions(pid: int, state: str) -> bool:
    return f"{state}/" in proc.command_line(pid) or any(f"{state}/" in value for value in proc.environment(pid))


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
