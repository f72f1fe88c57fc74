"""training: our daemon that teaches Rspamd what people move into and out of Junk.

It runs as Rspamd's own user: only that one may speak to Rspamd's controller, and Dovecot's mail processes may not.
"""

from __future__ import annotations

from typing import Any

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.heartbeat import HeartbeatEngine
from mailcenter.engines.own import own_environment, python
from mailcenter.settings.identities import VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_USER = "_rspamd"


class Training(HeartbeatEngine):
    name = "training"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            # The sockets inherit the group of Dovecot's mail processes.
            Directory(place.run(self.name), mode=0o2750, owner=_USER, group=VMAIL_USER),
            Directory(place.data(self.name), mode=0o700, owner=_USER, group=_USER),
        ]

    def programs(self, settings: Settings) -> list[Program]:
        if not settings.spam.training:
            return []
        command = python("mailcenter.run.training")
        return [Program(self.name, command, user=_USER, priority=45, environment=own_environment(settings))]

    def health(self, settings: Settings) -> Health:
        if not settings.spam.training:
            return Health(True, "off (spam.training)")
        return super().health(settings)

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        error, waiting = str(said["error"]), int(said["waiting"])
        if error:
            return Health(False, f"{error}; {waiting} messages wait", remedy)
        return Health(True, f"{waiting} messages wait")


ENGINE = Training()
