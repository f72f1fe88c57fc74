"""ledger: our daemon that takes the gate's records and the daemons' logs into the database."""

from __future__ import annotations

import json
import time
from pathlib import Path

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine
from mailcenter.settings.identities import LEDGER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_HEARTBEAT_SECONDS = 15.0
_LAG_BYTES = 64 * 2**20


class Ledger(PlainEngine):
    name = "ledger"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), owner=LEDGER_USER, group=LEDGER_USER)]

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.ledger")
        return [Program(self.name, command, user=LEDGER_USER, priority=40, environment=own_environment(settings))]

    def health(self, settings: Settings) -> Health:
        """By its heartbeat, written every few seconds: `{"lag_bytes": not yet written, "error": what keeps it}`."""
        remedy = f"read {paths(settings).log(self.name)}"
        heartbeat = _heartbeat(settings)
        try:
            age = time.time() - heartbeat.stat().st_mtime
            said = json.loads(heartbeat.read_text())
            lag, error = int(said["lag_bytes"]), str(said["error"])
        except FileNotFoundError:
            return Health(False, "has not begun", remedy)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            return Health(False, f"its heartbeat cannot be read: {fault}", remedy)
        if age > _HEARTBEAT_SECONDS:
            return Health(False, f"no heartbeat for {age:.0f} seconds", remedy)
        if error:
            return Health(False, error, remedy)
        if lag > _LAG_BYTES:
            return Health(
                False, f"is {lag // 2**20} MB behind", "see whether PostgreSQL keeps up; nothing is lost meanwhile"
            )
        set_aside = f", unreadable records in {paths(settings).ledger_spool}/bad" if said.get("bad_files") else ""
        return Health(True, f"{lag} bytes behind{set_aside}")


def _heartbeat(settings: Settings) -> Path:
    return paths(settings).run("ledger") / "heartbeat"


ENGINE = Ledger()
