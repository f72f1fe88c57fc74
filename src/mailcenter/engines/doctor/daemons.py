"""Does every daemon run and serve?"""

from __future__ import annotations

from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.platform.status import NotRunningError, status
from mailcenter.engines.supervisor import processes
from mailcenter.engines.table import ENGINES
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    try:
        rows = status(settings)
    except NotRunningError:
        left = processes.leftovers(settings)
        if left:
            return [
                Finding(f"the supervisor is dead but processes of it live: {left}", "`mailcenter up` clears them away")
            ]
        return [Finding("the platform is not running", "`mailcenter up`")]
    logs = {engine.name: paths(settings).log(engine.name) for engine in ENGINES}
    return [
        Finding(f"{row.name} {row.detail}", row.remedy or f"read {logs[row.name]}") for row in rows if not row.healthy
    ]
