"""watch: our small program that asks all others for their health and writes it down for the center.

Only root may ask the supervisor and all daemons, and the center does not run as root; so it reads a file instead.
"""

from __future__ import annotations

import time

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine
from mailcenter.settings.identities import CENTER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

EVERY_SECONDS = 10.0
_LATE_SECONDS = 45.0  # every question may take 3 seconds, and a busy machine longer


class Watch(PlainEngine):
    name = "watch"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), mode=0o750, group=CENTER_USER)]

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.watch")
        return [Program(self.name, command, priority=90, environment=own_environment(settings))]

    def health(self, settings: Settings) -> Health:
        """By the age of what it wrote last."""
        remedy = f"read {paths(settings).log(self.name)}"
        try:
            age = time.time() - paths(settings).status.stat().st_mtime
        except OSError:
            return Health(False, "has not reported yet", remedy)
        if age > _LATE_SECONDS:
            return Health(False, f"has not reported for {age:.0f} seconds", remedy)
        return Health(True, f"reported {age:.0f} seconds ago")


ENGINE = Watch()
