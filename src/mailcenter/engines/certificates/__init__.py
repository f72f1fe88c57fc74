"""certificates: our daemon that obtains the certificates of customers' names."""

from __future__ import annotations

import json
import time

from mailcenter.certificates.source import source_in_force
from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine
from mailcenter.settings.identities import CENTER_USER, CERTIFICATES_USER, WEB_SERVER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_LATE_SECONDS = 240.0
"""An authority may take its time with one name."""


class Certificates(PlainEngine):
    name = "certificates"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        place, owner = paths(settings), CERTIFICATES_USER
        return [
            Directory(place.run(self.name), owner=owner, group=owner),
            Directory(place.acme_challenges, owner=owner, group=owner),
            # What is private in it lies in these two, whose files inherit the group of those who read them.
            Directory(place.data(self.name), mode=0o711, owner=owner, group=owner),
            Directory(place.customer_certificates, mode=0o2750, owner=owner, group=WEB_SERVER_USER),
            Directory(place.customer_certificate_states, mode=0o2750, owner=owner, group=CENTER_USER),
        ]

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.certificates")
        environment = own_environment(settings)
        return [Program(self.name, command, user=CERTIFICATES_USER, priority=50, environment=environment)]

    def health(self, settings: Settings) -> Health:
        """By its heartbeat. What single names lack, the doctor tells."""
        remedy = f"read {paths(settings).log(self.name)}"
        heartbeat = paths(settings).run(self.name) / "heartbeat"
        try:
            age = time.time() - heartbeat.stat().st_mtime
            count = json.loads(heartbeat.read_text())
            names, held = int(count["names"]), int(count["held"])
        except FileNotFoundError:
            return Health(False, "has not begun", remedy)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            return Health(False, f"its heartbeat cannot be read: {fault}", remedy)
        if age > _LATE_SECONDS:
            return Health(False, f"no heartbeat for {age:.0f} seconds", remedy)
        if source_in_force(settings) == "none":
            return Health(True, "off (certificates.source)")
        return Health(True, f"{held} of {names} names have one")


ENGINE = Certificates()
