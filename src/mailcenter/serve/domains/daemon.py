"""Follows the directory: whenever domains come or go, Postfix's table is written anew."""

from __future__ import annotations

import logging
from typing import Any, ClassVar, Final

import psycopg

from mailcenter.serve.domains.table import DomainTable
from mailcenter.serve.following import Follower
from mailcenter.serve.heartbeat import EVERY, beat
from mailcenter.settings.identities import GATE_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_LEAST_PAUSE: Final = 0.1
"""Seconds between two looks, however much is changed. So long a new domain may be put off at port 25."""
_DOMAINS: Final = b"SELECT name FROM engine.gate_domain WHERE active"

log = logging.getLogger("domains")


class Domains(Follower):
    """While PostgreSQL is away, the table stays as it is."""

    channel: ClassVar[str] = "directory_changed"
    longest_pause: ClassVar[float] = 5.0

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, name="domains", user=GATE_USER)
        place = paths(settings)
        self._heartbeat = place.run("domains") / "heartbeat"
        self._table = DomainTable(place.domain_table, place.etc("postfix"))

    def look(self, connection: psycopg.Connection[Any]) -> float:
        domains = frozenset(str(name) for (name,) in connection.execute(_DOMAINS))
        made = self._table.made
        if self._table.write(domains):
            if self._table.made != made:
                log.warning("Postfix's table of domains was missing or no table of ours, and was made anew")
            log.info("Postfix knows %d names of domains", len(domains))
        beat(self._heartbeat, domains=len(domains), made=self._table.made)
        self.stopping.wait(_LEAST_PAUSE)
        return EVERY

    def failed(self, why: str) -> None:
        log.error("Postfix's domains do not follow: %s", why)
