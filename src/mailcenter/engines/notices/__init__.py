"""notices: our daemon that tells recipients which mail was refused for what it held."""

from __future__ import annotations

from typing import Any

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.heartbeat import HeartbeatEngine
from mailcenter.engines.own import own_environment, python
from mailcenter.settings.identities import NOTICES_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_SUBMITTERS = "postdrop"
"""The group that may reach Postfix's socket for mail that the platform makes."""


class Notices(HeartbeatEngine):
    name = "notices"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), owner=NOTICES_USER, group=NOTICES_USER)]

    def programs(self, settings: Settings) -> list[Program]:
        return [
            Program(
                self.name,
                python("mailcenter.run.notices"),
                user=NOTICES_USER,
                group=_SUBMITTERS,
                priority=45,
                environment=own_environment(settings),
            )
        ]

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        error = str(said["error"])
        if error:
            return Health(False, error, remedy)
        return Health(True, "nothing waits for long")


ENGINE = Notices()
