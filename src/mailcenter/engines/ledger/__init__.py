"""ledger: our daemon that takes the gate's records and the daemons' logs into the database."""

from __future__ import annotations

from typing import Any

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.heartbeat import HeartbeatEngine
from mailcenter.engines.own import own_environment, python
from mailcenter.settings.identities import LEDGER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_LAG_BYTES = 64 * 2**20


class Ledger(HeartbeatEngine):
    name = "ledger"
    late_seconds = 15.0
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), owner=LEDGER_USER, group=LEDGER_USER)]

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.ledger")
        return [Program(self.name, command, user=LEDGER_USER, priority=40, environment=own_environment(settings))]

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        """`lag_bytes`: not yet written; `error`: what keeps it."""
        lag, error = int(said["lag_bytes"]), str(said["error"])
        if error:
            return Health(False, error, remedy)
        if lag > _LAG_BYTES:
            return Health(
                False, f"is {lag // 2**20} MB behind", "see whether PostgreSQL keeps up; nothing is lost meanwhile"
            )
        set_aside = f", unreadable records in {paths(settings).ledger_spool}/bad" if said.get("bad_files") else ""
        return Health(True, f"{lag} bytes behind{set_aside}")


ENGINE = Ledger()
