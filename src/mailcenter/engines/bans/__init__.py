"""bans: our daemon that tells of bans and hands them to postscreen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mailcenter.engines.base import Directory, EngineError, Health, Program
from mailcenter.engines.checker import run
from mailcenter.engines.heartbeat import HeartbeatEngine
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.postmap import make_empty_table
from mailcenter.policy.firewall import NFT
from mailcenter.settings.identities import GATE_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


class Bans(HeartbeatEngine):
    name = "bans"
    late_seconds = 30.0
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), owner=GATE_USER, group=GATE_USER)]

    def prepare(self, settings: Settings) -> None:
        """Both begin empty, made as the daemon's user: postscreen passes over what it lists after a missing one."""
        place = paths(settings)
        if not place.deny_list.exists():
            run(("touch", str(place.deny_list)), user=GATE_USER, failure="no list for postscreen")
        if not place.deny_list_mark.exists():
            make_empty_table("hash", place.deny_list_mark.with_suffix(""), user=GATE_USER)

    def check(self, settings: Settings) -> None:
        if settings.guard.firewall and not Path(NFT).exists():
            raise EngineError(f"guard.firewall is on, but {NFT} is missing", "apt-get install nftables")

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.bans")
        environment = own_environment(settings)
        capabilities = ("net_admin",) if settings.guard.firewall else ()
        return [
            Program(self.name, command, user=GATE_USER, priority=40, environment=environment, capabilities=capabilities)
        ]

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        bans, error = int(said["bans"]), str(said["error"])
        if error:
            return Health(False, f"the firewall does not follow: {error}", remedy)
        return Health(True, f"{bans} networks banned")


ENGINE = Bans()
