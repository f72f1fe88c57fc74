"""Follows the directory: whenever domains come or go, Postfix's table is written anew."""

from __future__ import annotations

import logging
import threading
from typing import Any, Final

import psycopg

from mailcenter.serve.domains.table import DomainTable
from mailcenter.serve.following import follow
from mailcenter.serve.heartbeat import EVERY, beat
from mailcenter.settings.identities import DATABASE, GATE_USER, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

CHANNEL: Final = "directory_changed"
_LEAST_PAUSE: Final = 0.1
"""Seconds between two looks, however much is changed. So long a new domain may be put off at port 25."""
_LONGEST_PAUSE: Final = 5.0
_DOMAINS: Final = b"SELECT name FROM engine.gate_domain WHERE active"

log = logging.getLogger("domains")


class Domains:
    """While PostgreSQL is away, the table stays as it is."""

    def __init__(self, settings: Settings) -> None:
        place = paths(settings)
        self._login = (
            f"host={place.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user={ROLE_OF_USER[GATE_USER]}"
            " application_name=domains connect_timeout=5 options='-c statement_timeout=60s'"
        )
        self._heartbeat = place.run("domains") / "heartbeat"
        self._table = DomainTable(place.domain_table, place.etc("postfix"))
        self._stop = threading.Event()

    def stop(self) -> None:
        """End at the next word or sign of life."""
        self._stop.set()

    def run(self) -> None:
        """Until `stop`; what fails is tried again."""
        follow(self._login, CHANNEL, self._look, failed=self._failed, stop=self._stop, longest_pause=_LONGEST_PAUSE)

    def _look(self, connection: psycopg.Connection[Any]) -> float:
        domains = frozenset(str(name) for (name,) in connection.execute(_DOMAINS))
        if self._table.write(domains):
            log.info("Postfix knows %d names of domains", len(domains))
        beat(self._heartbeat, domains=len(domains))
        self._stop.wait(_LEAST_PAUSE)
        return EVERY

    def _failed(self, why: str) -> None:
        log.error("Postfix's domains do not follow: %s", why)
