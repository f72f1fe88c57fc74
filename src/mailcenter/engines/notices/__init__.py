"""notices: our daemon that tells recipients which mail was refused for what it held."""

from __future__ import annotations

import json
import time

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine
from mailcenter.settings.identities import NOTICES_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_HEARTBEAT_SECONDS = 60.0
_SUBMITTERS = "postdrop"
"""The group that may reach Postfix's socket for mail that the platform makes."""


class Notices(PlainEngine):
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

    def health(self, settings: Settings) -> Health:
        """By its heartbeat, written every few seconds."""
        remedy = f"read {paths(settings).log(self.name)}"
        heartbeat = paths(settings).run(self.name) / "heartbeat"
        try:
            age = time.time() - heartbeat.stat().st_mtime
            error = str(json.loads(heartbeat.read_text())["error"])
        except FileNotFoundError:
            return Health(False, "has not begun", remedy)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            return Health(False, f"its heartbeat cannot be read: {fault}", remedy)
        if age > _HEARTBEAT_SECONDS:
            return Health(False, f"no heartbeat for {age:.0f} seconds", remedy)
        if error:
            return Health(False, error, remedy)
        return Health(True, "nothing waits for long")


ENGINE = Notices()
