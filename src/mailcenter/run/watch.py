"""Starts the program that writes down the state of all others: `python -m mailcenter.run.watch`, as root.

It also lets Postfix begin anew with a PostgreSQL that was restarted or a table that was made anew, and writes down how
much sessions have read.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from mailcenter.engines.bans import ENGINE as BANS
from mailcenter.engines.base import EngineError, RenderedFile
from mailcenter.engines.domains import ENGINE as DOMAINS
from mailcenter.engines.heartbeat import made_anew
from mailcenter.engines.platform.status import EngineStatus, status
from mailcenter.engines.postfix import ENGINE as POSTFIX
from mailcenter.engines.postgres import ENGINE as POSTGRES
from mailcenter.engines.watch import EVERY_SECONDS
from mailcenter.engines.write import write_file
from mailcenter.serve.logins.anvil import ask_anvil
from mailcenter.serve.logins.reads import as_text, reads_of
from mailcenter.settings.identities import CENTER_USER, VMAIL_USER
from mailcenter.settings.load import load, paths
from mailcenter.settings.model import Settings

RELOAD_SECONDS: Final = 20.0
"""For a reload of Postfix: it takes 0.02, and 0.25 on a busy machine, but first looks at each mail of the active queue
(`postsuper active`). One that hangs must not hold up the looks until they count as late.
"""


def write(settings: Settings, engines: list[EngineStatus]) -> None:
    """`{"at": UTC time, "engines": [EngineStatus]}`, readable by the center, replaced as a whole."""
    said = {"at": datetime.now(UTC).isoformat(), "engines": [asdict(engine) for engine in engines]}
    write_file(RenderedFile(paths(settings).status, json.dumps(said) + "\n", mode=0o640, group=CENTER_USER))


def write_reads(settings: Settings) -> None:
    """For the daemon that ends silent sessions; of Dovecot that is away nothing is written."""
    place = paths(settings)
    try:
        answer = ask_anvil(place.anvil_socket)
    except OSError:  # which its own health tells
        return
    write_file(RenderedFile(place.session_reads, as_text(reads_of(answer)), mode=0o640, group=VMAIL_USER))
    os.utime(place.session_reads)


class Pace:
    """Ten times in the shortest silence that is allowed, once a minute at the least."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = min(60.0, min(settings.sessions.imap_idle, settings.sessions.pop3_idle) / 10)
        self._last = -self._seconds

    def is_time(self, now: float) -> bool:
        """Whether to write at `now`, seconds of a steady clock."""
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


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


class Table:
    """Notices when a table of Postfix's was made anew."""

    def __init__(self) -> None:
        self._made = 0

    def is_another(self, made: int) -> bool:
        """Whether it was `made` since it was last asked; 0 stands for never."""
        before, self._made = self._made, made or self._made
        return self._made != before


class NewBeginning:
    """Lets Postfix begin anew by `reload`, which raises EngineError: again at each look, until it has worked.

    Unless they begin anew, Postfix's lookups leave a database that has failed alone for a minute, and a table for good;
    postscreen without its first table passes over all lists.
    """

    def __init__(self, reload: Callable[[], None]) -> None:
        self._reload = reload
        self._database, self._domains, self._bans = Database(), Table(), Table()
        self._owed = False

    def look(self, engines: list[EngineStatus], *, domains: int, bans: int) -> None:
        """Reload where PostgreSQL is another, or a table was made anew, or the last try failed.

        `domains`, `bans`: when the table of domains was made anew, and the mark of the bans (`made_anew`).
        """
        news = [self._database.is_another(engines), self._domains.is_another(domains), self._bans.is_another(bans)]
        self._owed |= any(news)
        if not self._owed:
            return
        try:
            self._reload()
        except EngineError as error:
            print(f"{error}; tried again soon", flush=True)  # noqa: T201 - goes to this program's log
        else:
            self._owed = False


def reload_postfix(settings: Settings) -> None:
    """Raises EngineError, after RELOAD_SECONDS at the latest."""
    POSTFIX.reload(settings, timeout=RELOAD_SECONDS)


def main() -> None:
    """Ask and write until SIGTERM."""
    settings = load()
    beginning, pace = NewBeginning(lambda: reload_postfix(settings)), Pace(settings)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    write(settings, [])  # its own health is the age of this file
    while not over.is_set():
        if pace.is_time(time.monotonic()):
            write_reads(settings)
        try:
            engines = status(settings)
            write(settings, engines)
            domains, bans = (made_anew(settings, daemon.name) for daemon in (DOMAINS, BANS))
            beginning.look(engines, domains=domains, bans=bans)
        except EngineError as error:  # the supervisor is busy or ending: the file grows old, which the center shows
            print(f"the state cannot be told: {error}", flush=True)  # noqa: T201 - goes to this program's log
        over.wait(EVERY_SECONDS)


if __name__ == "__main__":
    main()
