"""logrotate: keeps the two logs that daemons write by themselves from growing without end.

All other logs are the supervisor's, which rotates them itself. The ledger daemon follows these two through a rotation:
it knows a renamed file again by its beginning, so what it still has to read may not be compressed.
"""

from __future__ import annotations

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.template import render
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

FOLLOWED = ("postfix", "dovecot")
_MOST_DAYS = 14
_TOO_LONG = 2 * 2**30
"""Bytes of one log; rotation happens from 100 MB on."""


class Logrotate(PlainEngine):
    name = "logrotate"
    packages: tuple[str, ...] = ("logrotate",)

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).etc(self.name)), Directory(paths(settings).data(self.name), mode=0o700)]

    def render(self, settings: Settings) -> list[RenderedFile]:
        etc = paths(settings).etc(self.name)
        # No longer than the ledger itself: logs hold addresses of people.
        days = min(_MOST_DAYS, settings.ledger.retention_days)
        values = {"days": days, "config": etc / "logrotate.conf", "status": paths(settings).data(self.name) / "status"}
        return [
            RenderedFile(etc / "logrotate.conf", render(__file__, "logrotate.conf.j2", settings, **values)),
            RenderedFile(etc / "rotate", render(__file__, "rotate.j2", settings, **values), mode=0o755),
        ]

    def check(self, settings: Settings) -> None:
        config = str(paths(settings).etc(self.name) / "logrotate.conf")
        run(("/usr/sbin/logrotate", "--debug", config), failure="logrotate refuses its configuration")

    def programs(self, settings: Settings) -> list[Program]:
        return [Program(self.name, (str(paths(settings).etc(self.name) / "rotate"),), priority=90)]

    def health(self, settings: Settings) -> Health:
        """By what it is for: no log is too long."""
        for daemon in FOLLOWED:
            log = paths(settings).log(daemon)
            size = log.stat().st_size if log.exists() else 0
            if size > _TOO_LONG:
                return Health(False, f"{log} has grown to {size // 2**20} MB", f"read {paths(settings).log(self.name)}")
        return Health(True, "no log is too long")


ENGINE = Logrotate()
