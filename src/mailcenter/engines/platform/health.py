"""Ask engines for their health, all at once."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from mailcenter.engines.base import Engine, EngineError, Health, Program
from mailcenter.engines.platform.report import Report
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.settings.model import Settings

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 1.0


def health_of(settings: Settings, engines: Iterable[Engine]) -> dict[str, Health]:
    """By engine name; takes as long as the slowest answer."""
    asked = list(engines)
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        answers = pool.map(lambda engine: _ask(settings, engine), asked)
        return dict(zip((engine.name for engine in asked), answers, strict=True))


def wait_until_healthy(settings: Settings, engines: Iterable[Engine], report: Report, *, seconds: float) -> None:
    """Wait until each engine is healthy, reporting each change.

    Raises:
        EngineError: the first that is not, after so many seconds, with its words.
    """
    pending = list(engines)
    told: dict[str, str] = {}
    deadline = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while pending:
        answers = health_of(settings, pending)
        for name, answer in answers.items():
            if told.get(name) != answer.detail or answer.ok:
                report.engine(name, healthy=answer.ok, detail=answer.detail)
                told[name] = answer.detail
        pending = [engine for engine in pending if not answers[engine.name].ok]
        if pending and time.monotonic() > deadline:
            worst = answers[pending[0].name]
            raise EngineError(f"{pending[0].name} {worst.detail} (waited {seconds:.0f} seconds)", worst.remedy)
        if pending:
            time.sleep(pause)
            pause = min(pause * 1.3, _LONGEST_PAUSE)


def wait_until_running(settings: Settings, programs: Iterable[Program], *, seconds: float) -> list[str]:
    """Wait until the supervisor calls each program running: it takes the first second of its life for a start.

    Returns:
        the names of those that it does not call so after so many seconds, though their engines may have answered.
    """
    supervisor = Supervisor(settings)
    names = {program.name for program in programs}
    deadline = time.monotonic() + seconds
    while True:
        known = supervisor.processes()
        unsettled = sorted(name for name in names if name not in known or known[name].state != "RUNNING")
        if not unsettled or time.monotonic() > deadline:
            return unsettled
        time.sleep(_FIRST_PAUSE)


def _ask(settings: Settings, engine: Engine) -> Health:
    try:
        return engine.health(settings)
    except EngineError as error:
        return Health(False, str(error), error.remedy)
