"""certificates: our daemon that obtains the certificates of customers' names."""

from __future__ import annotations

from typing import Any

from mailcenter.certificates.source import source_in_force
from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.heartbeat import HeartbeatEngine
from mailcenter.engines.own import own_environment, python
from mailcenter.settings.identities import CENTER_USER, CERTIFICATES_USER, WEB_SERVER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


class Certificates(HeartbeatEngine):
    name = "certificates"
    late_seconds = 240.0  # an authority may take its time with one name
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

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        """What single names lack, the doctor tells."""
        names, held = int(said["names"]), int(said["held"])
        if source_in_force(settings) == "none":
            return Health(True, "off (certificates.source)")
        return Health(True, f"{held} of {names} names have one")


ENGINE = Certificates()
