"""Follows the hosted domains in the directory, and keeps the certificates of their names."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import psycopg

from mailcenter.certificates.names import all_names
from mailcenter.certificates.source import source_in_force
from mailcenter.serve.certificates.acme import Acme
from mailcenter.serve.certificates.dns import Leads
from mailcenter.serve.certificates.folder import Folder
from mailcenter.serve.certificates.keeper import Keeper
from mailcenter.serve.certificates.own import OwnAuthority
from mailcenter.serve.certificates.source import Source
from mailcenter.serve.certificates.store import Store
from mailcenter.serve.following import Follower
from mailcenter.serve.heartbeat import beat
from mailcenter.settings.identities import CERTIFICATES_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_WAIT: Final = 5.0
_LEAST_PAUSE: Final = 0.5
"""Seconds between two rounds, however much is changed."""
_LONGEST_ROUND: Final = 10.0

log = logging.getLogger("certificates")


class Certificates(Follower):
    """Looks where the directory tells of a change, and every few seconds at what is due.

    While PostgreSQL is away the certificates stay as they are.
    """

    channel: ClassVar[str] = "directory_changed"
    longest_pause: ClassVar[float] = 10.0

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, name="certificates", user=CERTIFICATES_USER)
        place = paths(settings)
        self._heartbeat = place.run("certificates") / "heartbeat"
        self._source = make_source(settings)
        self._keeper = Keeper(
            Store(place.customer_certificates, place.customer_certificate_states),
            self._source or OwnAuthority(place),
            look_every=timedelta(seconds=settings.certificates.look_every),
        )
        self._next_heartbeat = self._round_ends = 0.0

    def look(self, connection: psycopg.Connection[Any]) -> float:
        done = self._round(connection)
        self.stopping.wait(_LEAST_PAUSE)
        return _WAIT if done else 0

    def failed(self, why: str) -> None:
        log.error("certificates do not follow: %s", why)

    def _round(self, connection: psycopg.Connection[Any]) -> bool:
        """Not longer than a few seconds, so that a long queue holds up no domain that comes or goes meanwhile."""
        rows = connection.execute("SELECT name FROM engine.hosted_domain").fetchall()
        wanted = all_names(str(row[0]) for row in rows) if self._source else set()
        self._round_ends = time.monotonic() + _LONGEST_ROUND
        done = self._keeper.round(wanted, between=self._live)
        self._tell()
        return done

    def _live(self) -> bool:
        now = time.monotonic()
        if now >= self._next_heartbeat:
            self._next_heartbeat = now + 1.0
            self._tell()
        return now < self._round_ends and not self.stopping.is_set()

    def _tell(self) -> None:
        count = self._keeper.count()
        with suppress(OSError):
            beat(self._heartbeat, names=count.names, held=count.held, failing=count.failing)


def make_source(settings: Settings) -> Source | None:
    """As the settings say; None where there are to be no certificates."""
    found = source_in_force(settings)
    if found == "own":
        return OwnAuthority(paths(settings))
    if found == "acme":
        return Acme(settings, Leads(settings).fault)
    if found == "folder":
        return Folder(settings.certificates.folder or Path("/nonexistent"))
    return None
