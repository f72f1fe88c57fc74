"""Our platform as a throw-away stack, started by the commands that a user gives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path

from bench.smtp import Target
from bench.stack import StackError
from bench.stock.processes import answers, wait_until
from bench.stock.stack import queued, teach
from bench.zone import REVERSE_ZONE, ZONE, reverse_zone_file
from mailcenter.engines.rspamd import ENGINE as RSPAMD
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.policy.dns_lists.shipped import SHIPPED
from mailcenter.settings.demo import PORTS, demo_toml
from mailcenter.settings.load import CONFIG_VARIABLE, load, paths
from mailcenter.settings.model import Settings

_START_SECONDS = 300


class OurStack:
    """Lives in the empty directory `root`; listens on twelve ports from `port_base` on, resolver and guard the last."""

    name = "ours"

    def __init__(self, root: Path, port_base: int, zone: str, zones: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.config = root / "mailcenter.toml"
        ports = {name: port_base + offset for offset, name in enumerate(PORTS)}
        lists = [f'\n[[dns_lists]]\nzone = "{entry.zone}"\n' for entry in SHIPPED if entry.active]
        self.config.write_text(
            demo_toml(root, ports=ports, dns_port=port_base + len(PORTS), guard_port=port_base + len(PORTS) + 1)
            + "".join(lists)
        )
        self.target = Target("127.0.0.1", ports["smtp"])
        self.store = paths(self.settings).mail
        (root / "zones").mkdir()
        for name, text in ({ZONE: zone} | dict(zones or {})).items():
            (root / "zones" / f"{name}.zone").write_text(text)
        (root / "zones" / f"{REVERSE_ZONE}.zone").write_text(reverse_zone_file())

    @cached_property
    def settings(self) -> Settings:
        return load(self.config)

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=os.environ | {CONFIG_VARIABLE: str(self.config)},
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise StackError(f"{' '.join(arguments)}: {(done.stdout + done.stderr).strip()[-1000:]}")

    def start(self) -> None:
        self.root.chmod(0o755)
        self._run("-m", "mailcenter.run.cli", "up")
        self._filter_as_on_a_server()
        self._run("-m", "bench.seed")

    def _filter_as_on_a_server(self) -> None:
        """A state without DNS leaves DNS lists out of Rspamd; both stacks must ask the same questions."""
        online = self.settings.model_copy(update={"dns": self.settings.dns.model_copy(update={"offline": False})})
        wanted = {file.path: file.content for file in RSPAMD.render(online)}
        for file in RSPAMD.render(self.settings):
            if file.path not in wanted:
                file.path.unlink()
        for path, content in wanted.items():
            path.write_text(content)
        Supervisor(self.settings).restart("rspamd")
        place = paths(self.settings)
        for socket in (place.rspamd_socket, place.rspamd_controller_socket):
            wait_until(partial(answers, str(socket)), f"Rspamd's {socket.name}", 60)

    def forget_names(self) -> None:
        """Let the gate begin anew: it remembers for minutes what the DNS held before other names are served."""
        Supervisor(self.settings).restart("gate")
        wait_until(partial(answers, str(paths(self.settings).gate_socket)), "the gate's socket", 60)

    def command(self, *arguments: str) -> None:
        """Run `mailcenter …`. Raises StackError."""
        self._run("-m", "mailcenter.run.cli", *arguments)

    def stop(self) -> None:
        self._run("-m", "mailcenter.run.cli", "down")

    def roots(self) -> dict[str, int]:
        supervisor = Supervisor(self.settings)
        running = {name: process.pid for name, process in supervisor.processes().items() if process.pid}
        return {"supervisor": supervisor.pid(), **running}

    def learn(self, ham: list[bytes], spam: list[bytes]) -> None:
        teach(["-h", str(paths(self.settings).rspamd_controller_socket)], self.root, ham, spam)

    def queued(self) -> int:
        return queued(paths(self.settings).etc("postfix"))
