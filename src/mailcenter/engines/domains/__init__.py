"""domains: our daemon that keeps Postfix's table of our domains."""

from __future__ import annotations

from typing import Any

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.heartbeat import HeartbeatEngine
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.postmap import make_empty_table
from mailcenter.settings.identities import GATE_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


class Domains(HeartbeatEngine):
    name = "domains"
    late_seconds = 30.0
    packages: tuple[str, ...] = ("postfix-lmdb",)

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), owner=GATE_USER, group=GATE_USER)]

    def prepare(self, settings: Settings) -> None:
        """Without a table Postfix puts all mail off. One that is there is left to the daemon."""
        source = paths(settings).domain_table
        if not source.with_suffix(".lmdb").exists():
            make_empty_table("lmdb", source, user=GATE_USER)

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.domains")
        return [Program(self.name, command, user=GATE_USER, priority=40, environment=own_environment(settings))]

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        names = int(said["domains"])
        return Health(True, f"{names} name{'' if names == 1 else 's'} of domains")


ENGINE = Domains()
