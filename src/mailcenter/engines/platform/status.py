"""How the platform is: each engine's health and the state of its processes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from mailcenter.engines.platform.health import health_of
from mailcenter.engines.supervisor.client import NotRunningError, Process, Supervisor
from mailcenter.engines.supervisor.configuration import log_file
from mailcenter.engines.table import ENGINES
from mailcenter.settings.model import Settings

_STARTED = "supervisord started with pid"
_EXITED = re.compile(r" exited: (\S+) \(")


@dataclass(frozen=True)
class ProcessStatus:
    """`state` in the supervisor's words; `uptime` in seconds; `restarts` that nobody asked for since it began."""

    name: str
    state: str
    pid: int
    uptime: int
    restarts: int


@dataclass(frozen=True)
class EngineStatus:
    """One engine; `healthy` says that it serves and that its processes run."""

    name: str
    healthy: bool
    detail: str
    remedy: str
    processes: list[ProcessStatus] = field(default_factory=list)


def status(settings: Settings) -> list[EngineStatus]:
    """Every engine in the table's order.

    Raises:
        NotRunningError: there is no supervisor, so nothing runs.
    """
    known = Supervisor(settings).processes()
    restarts = unexpected_ends(settings)
    health = health_of(settings, ENGINES)
    found = []
    for engine in ENGINES:
        names = [program.name for program in engine.programs(settings)]
        rows = [_row(name, known.get(name), restarts[name]) for name in names]
        answer = health[engine.name]
        stopped = [row.name for row in rows if row.state != "RUNNING"]
        detail = answer.detail if answer.ok or not stopped else f"{answer.detail} (process {', '.join(stopped)} down)"
        found.append(EngineStatus(engine.name, answer.ok and not stopped, detail, answer.remedy, rows))
    return found


def unexpected_ends(settings: Settings) -> Counter[str]:
    """How often each program has ended without being told to, since the supervisor's start."""
    try:
        lines = log_file(settings).read_text(errors="replace")
    except OSError:
        return Counter()
    return Counter(_EXITED.findall(lines.rpartition(_STARTED)[2]))


def _row(name: str, process: Process | None, restarts: int) -> ProcessStatus:
    if process is None:
        return ProcessStatus(name, "UNKNOWN", 0, 0, restarts)
    return ProcessStatus(name, process.state, process.pid, process.uptime, restarts)


__all__ = ["EngineStatus", "NotRunningError", "ProcessStatus", "status", "unexpected_ends"]
