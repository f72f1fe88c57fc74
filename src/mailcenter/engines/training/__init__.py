"""training: our daemon that teaches Rspamd what people move into and out of Junk.

It runs as Rspamd's own user: only that one may speak to Rspamd's controller, and Dovecot's mail processes may not.
"""

from __future__ import annotations

import json
import time

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine
from mailcenter.settings.identities import VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_USER = "_rspamd"
_HEARTBEAT_SECONDS = 60.0


class Training(PlainEngine):
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
        """By its heartbeat, written every few seconds."""
        if not settings.spam.training:
            return Health(True, "off (spam.training)")
        remedy = f"read {paths(settings).log(self.name)}"
        heartbeat = paths(settings).run(self.name) / "heartbeat"
        try:
            age = time.time() - heartbeat.stat().st_mtime
            said = json.loads(heartbeat.read_text())
            error, waiting = str(said["error"]), int(said["waiting"])
        except FileNotFoundError:
            return Health(False, "has not begun", remedy)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            return Health(False, f"its heartbeat cannot be read: {fault}", remedy)
        if age > _HEARTBEAT_SECONDS:
            return Health(False, f"no heartbeat for {age:.0f} seconds", remedy)
        if error:
            return Health(False, f"{error}; {waiting} messages wait", remedy)
        return Health(True, f"{waiting} messages wait")


ENGINE = Training()
