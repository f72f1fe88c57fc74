"""Bring the platform up, or in line with its configuration when it is up; doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from mailcenter.engines import proc
from mailcenter.engines.base import Directory, EngineError, Program
from mailcenter.engines.heartbeat import heartbeat_of
from mailcenter.engines.platform import applied as record
from mailcenter.engines.platform import database
from mailcenter.engines.platform.applied import Applied
from mailcenter.engines.platform.files import settle
from mailcenter.engines.platform.health import wait_until_healthy, wait_until_running
from mailcenter.engines.platform.lock import locked
from mailcenter.engines.platform.ports import taken_ports, wanted_ports
from mailcenter.engines.platform.report import Report
from mailcenter.engines.supervisor import configuration, processes
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.engines.table import ENGINES, programs
from mailcenter.engines.write import ensure_directory, write_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

HEALTHY_SECONDS = 240.0
"""The very first start of Rspamd compiles its expressions."""

_DATABASE_SECONDS = 60.0
_SETTLED_SECONDS = 10.0
_FOUNDATION_PRIORITY = 30
"""Programs below it need no tables of ours, and start before the database is brought in line."""


def up(settings: Settings, report: Report, *, wait: bool = True) -> None:
    """Start what does not run, reload or restart what has changed, leave the rest alone.

    Args:
        wait: until every engine is healthy, and a while for their programs to keep running.

    Raises:
        EngineError: what stands in the way, with its remedy.
    """
    with locked(settings):
        _clear_the_way(settings, report)
        _make_directories(settings)
        digests, applied = _settle_files(settings, report)
        changed = _run_supervisor(settings, report)
        _start(settings, (one for one in programs(settings) if one.priority < _FOUNDATION_PRIORITY), report)
        _bring_own_parts_in_line(settings, report)
        running_before = _start(settings, programs(settings), report)
        _take_changes(settings, digests, applied, running_before - changed, report)
        if wait:
            report.step("waiting until everything is healthy")
            wait_until_healthy(settings, ENGINES, report, seconds=HEALTHY_SECONDS)
            for name in wait_until_running(settings, programs(settings), seconds=_SETTLED_SECONDS):
                report.engine(name, healthy=False, detail=f"does not keep running: read {paths(settings).log(name)}")


def _clear_the_way(settings: Settings, report: Report) -> None:
    ours = processes.running_pid(settings)
    left = processes.leftovers(settings)
    if left:
        report.step(f"ending {len(left)} processes that a killed parent left")
        processes.end(left)
    taken = taken_ports(wanted_ports(settings), proc.listeners(), [ours])
    if taken:
        remedy = "stop that process, or set another port in mailcenter.toml"
        more = f" (and {len(taken) - 1} more; see `mailcenter doctor`)" if len(taken) > 1 else ""
        raise EngineError(f"{taken[0]}{more}", remedy)


def _make_directories(settings: Settings) -> None:
    """Daemons of several users come here, so the state itself is open; what is private in it says so itself."""
    ensure_directory(Directory(paths(settings).state))
    for name in ("etc", "run", "data", "log"):
        ensure_directory(Directory(paths(settings).state / name))
    for directory in configuration.directories(settings):
        ensure_directory(directory)
    for engine in ENGINES:
        for directory in engine.directories(settings):
            ensure_directory(directory)


def _settle_files(settings: Settings, report: Report) -> tuple[dict[str, str], dict[str, Applied]]:
    """Prepare, render and check every engine before any is started or reloaded."""
    applied = record.read(settings)
    digests = {}
    for engine in ENGINES:
        report.step(f"{engine.name}: preparing and checking")
        engine.prepare(settings)
        digests[engine.name] = settle(settings, engine, applied.setdefault(engine.name, Applied()))
    record.write(settings, applied)
    return digests, applied


def _run_supervisor(settings: Settings, report: Report) -> set[str]:
    """Start the supervisor, or give it the changed programs; these are stopped now, and named."""
    changed = [file for file in configuration.files(settings, programs(settings)) if write_file(file)]
    if not processes.running_pid(settings):
        report.step("starting the supervisor")
        processes.start(settings)
        return set()
    if not changed:
        return set()
    report.step("giving the supervisor what has changed")
    stopped, _ = Supervisor(settings).take_configuration()
    return set(stopped)


def _start(settings: Settings, wanted: Iterable[Program], report: Report) -> set[str]:
    """Start the programs that do not run; gives the names of those that did."""
    supervisor = Supervisor(settings)
    states = {name: process.state for name, process in supervisor.processes().items()}
    running = set()
    for program in wanted:
        if states.get(program.name) in {"RUNNING", "STARTING"}:
            running.add(program.name)
        else:
            # One that keeps failing is tried again at once.
            report.step(f"starting {program.name}")
            heartbeat_of(settings, program.name).unlink(missing_ok=True)  # what the one before said is not this one's
            supervisor.restart(program.name)
    return running


def _bring_own_parts_in_line(settings: Settings, report: Report) -> None:
    postgres = [engine for engine in ENGINES if engine.name == "postgres"]
    report.step("waiting for PostgreSQL")
    wait_until_healthy(settings, postgres, report, seconds=_DATABASE_SECONDS)
    report.step("bringing the database in line")
    database.migrate()
    report.step("collecting static files")
    database.compile_messages()
    database.collect_static()


def _take_changes(
    settings: Settings, digests: dict[str, str], applied: dict[str, Applied], running: set[str], report: Report
) -> None:
    """Reload the engines that ran already and have other files now; the others have read theirs when they started."""
    for engine in ENGINES:
        mark = applied[engine.name]
        names = {program.name for program in engine.programs(settings)}
        if mark.running != digests[engine.name] and mark.running and names and names <= running:
            report.step(f"{engine.name}: taking its changed configuration")
            engine.reload(settings)
        mark.running = digests[engine.name]
        record.write(settings, applied)
