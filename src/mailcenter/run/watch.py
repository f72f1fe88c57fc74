"""Starts the program that writes down the state of all others: `python -m mailcenter.run.watch`, as root.

It also lets Postfix begin anew with a PostgreSQL that was restarted.
"""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import asdict
from datetime import UTC, datetime

from mailcenter.engines.base import EngineError, RenderedFile
from mailcenter.engines.platform.status import EngineStatus, status
from mailcenter.engines.postfix import ENGINE as POSTFIX
from mailcenter.engines.postgres import ENGINE as POSTGRES
from mailcenter.engines.watch import EVERY_SECONDS
from mailcenter.engines.write import write_file
from mailcenter.settings.identities import CENTER_USER
from mailcenter.settings.load import load, paths
from mailcenter.settings.model import Settings


def write(settings: Settings, engines: list[EngineStatus]) -> None:
    """`{"at": UTC time, "engines": [EngineStatus]}`, readable by the center, replaced as a whole."""
    said = {"at": datetime.now(UTC).isoformat(), "engines": [asdict(engine) for engine in engines]}
    write_file(RenderedFile(paths(settings).status, json.dumps(said) + "\n", mode=0o640, group=CENTER_USER))


class Database:
    """Notices when PostgreSQL has been restarted."""

    def __init__(self) -> None:
        self._pid = 0

    def is_another(self, engines: list[EngineStatus]) -> bool:
        """Whether it serves again, as another process than when it did last."""
        postgres = next((engine for engine in engines if engine.name == POSTGRES.name and engine.healthy), None)
        if postgres is None or not postgres.processes:
            return False
        before, self._pid = self._pid, postgres.processes[0].pid
        return before not in (0, self._pid)


def main() -> None:
    """Ask and write until SIGTERM."""
    settings = load()
    database = Database()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    write(settings, [])  # its own health is the age of this file
    while not over.is_set():
        try:
            engines = status(settings)
            write(settings, engines)
            if database.is_another(engines):
                # Postfix's lookups leave a database that has failed alone for a minute, unless they begin anew.
                POSTFIX.reload(settings)
        except EngineError as error:  # the supervisor is busy or ending: the file grows old, which the center shows
            print(f"the state cannot be told: {error}", flush=True)  # noqa: T201 - goes to this program's log
        over.wait(EVERY_SECONDS)


if __name__ == "__main__":
    main()
