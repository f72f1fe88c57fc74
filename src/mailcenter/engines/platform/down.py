"""Stop the platform: everything, cleanly, the last started first."""

from __future__ import annotations

from mailcenter.engines.platform.lock import locked
from mailcenter.engines.platform.report import Report
from mailcenter.engines.supervisor import processes
from mailcenter.engines.table import programs
from mailcenter.settings.model import Settings


def down(settings: Settings, report: Report) -> bool:
    """Stop all processes of this state; tells whether there were any.

    Raises:
        EngineError: something does not end.
    """
    with locked(settings):
        report.step("stopping all processes")
        patience = 10.0 + sum(program.stop_seconds for program in programs(settings))
        stopped = processes.stop(settings, seconds=patience)
        left = processes.leftovers(settings)
        processes.end(left)
        return stopped or bool(left)
