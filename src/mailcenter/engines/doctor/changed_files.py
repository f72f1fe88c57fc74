"""Were rendered files changed by hand, or not rendered since the configuration was changed?"""

from __future__ import annotations

from mailcenter.engines.base import EngineError
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.table import ENGINES
from mailcenter.engines.write import differs
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_WHAT = {"content": "is not as it was rendered", "owner": "has another owner", "mode": "has other rights"}


def check(settings: Settings) -> list[Finding]:
    remedy = "`mailcenter up` writes it anew; what you want to change belongs into mailcenter.toml"
    found = []
    for engine in ENGINES:
        if not paths(settings).etc(engine.name).is_dir():
            continue  # before the first `up`
        for file in engine.render(settings):
            try:
                difference = differs(file)
            except EngineError as error:
                found.append(Finding(f"{file.path}: {error}", error.remedy))
                continue
            if difference:
                found.append(Finding(f"{file.path} {_WHAT.get(difference, 'is missing')}", remedy))
    return found
