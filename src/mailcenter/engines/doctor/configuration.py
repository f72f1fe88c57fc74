"""Does each daemon's own checker accept the configuration that lies on disk?"""

from __future__ import annotations

from mailcenter.engines.base import EngineError
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.table import ENGINES
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    found = []
    for engine in ENGINES:
        if not paths(settings).etc(engine.name).is_dir():
            continue  # before the first `up`
        try:
            engine.check(settings)
        except EngineError as error:
            found.append(Finding(str(error), error.remedy or "`mailcenter up` writes the files anew"))
    return found
