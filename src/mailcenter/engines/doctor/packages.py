"""Are the Debian packages of all engines installed?"""

from __future__ import annotations

from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import run
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.table import ENGINES
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    try:
        listed = run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"], failure="dpkg-query")
    except EngineError as error:
        return [Finding(str(error), "this is made for Debian 12")]
    installed = {line.removeprefix("installed ") for line in listed.splitlines() if line.startswith("installed ")}
    missing = {package: engine.name for engine in ENGINES for package in engine.packages if package not in installed}
    return [
        Finding(f"the package {package}, which {engine} needs, is not installed", f"apt-get install {package}")
        for package, engine in missing.items()
    ]
