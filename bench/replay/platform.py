"""The running platform as the replay sees it: its command, its ports, its queue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.replay.mailbox import Access, Login
from bench.smtp import Target
from mailcenter.settings.load import CONFIG_VARIABLE, load, paths
from mailcenter.settings.paths import Paths

_COMMAND_SECONDS = 60


class PlatformError(Exception):
    """The platform did not do what the replay needs; `str()` says what."""


def wait_until(condition: Callable[[], bool], what: str, seconds: float, step: float = 0.2) -> None:
    """Raises PlatformError when the condition named `what` does not hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise PlatformError(f"waited {seconds:.0f} s in vain for: {what}")
        time.sleep(step)


@dataclass(frozen=True)
class Process:
    """One supervised program; `pid` is 0 while it does not run."""

    pid: int
    healthy: bool


@dataclass(frozen=True)
class Platform:
    """A platform that was started from the configuration file `config`."""

    config: Path

    @cached_property
    def paths(self) -> Paths:
        return paths(load(self.config))

    @cached_property
    def host_name(self) -> str:
        return load(self.config).host_name

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `mailcenter …` for this platform."""
        return subprocess.run(
            [sys.executable, "-m", "mailcenter.run.cli", *arguments],
            env=os.environ | {CONFIG_VARIABLE: str(self.config)},
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        """What a command with `--json` says. Raises PlatformError."""
        done = self.command(*arguments, "--json")
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            raise PlatformError(f"mailcenter {' '.join(arguments)}: {(done.stderr or done.stdout).strip()}") from None

    @cached_property
    def info(self) -> dict[str, Any]:
        information: dict[str, Any] = self.json("info")
        return information

    def target(self) -> Target:
        service = self.info["services"]["smtp"]
        return Target(service["host"], service["port"])

    def access(self) -> Access:
        service = self.info["services"]["imaps"]
        return Access(service["host"], service["port"], Path(self.info["ca_certificate"]))

    def mailboxes(self) -> list[Login]:
        """The demo's mailboxes. Raises PlatformError where this is no demo."""
        logins = self.info.get("logins", {})
        found = [
            Login(login["login"], login["password"])
            for name, login in logins.items()
            if "@" in login["login"] and name != "domain_admin"
        ]
        if not found:
            raise PlatformError("this platform has no demo logins: the replay needs a demo state")
        return found

    def queued(self) -> int:
        """Mails in Postfix's queue. Raises PlatformError."""
        etc = self.paths.etc("postfix")
        done = subprocess.run(
            ["postqueue", "-c", str(etc), "-j"], capture_output=True, check=False, timeout=_COMMAND_SECONDS
        )
        if done.returncode != 0:
            raise PlatformError(f"postqueue: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.count(b"\n")

    def queue_emptied(self) -> bool:
        """Whether Postfix's queue is empty; if not, deferred mails are tried at once instead of at its next round."""
        if self.queued() == 0:
            return True
        command = ["postqueue", "-c", str(self.paths.etc("postfix")), "-f"]
        subprocess.run(command, capture_output=True, check=False, timeout=_COMMAND_SECONDS)
        return False

    def processes(self) -> dict[str, Process]:
        """Every program by its name. Raises PlatformError."""
        return {
            process["name"]: Process(process["pid"], bool(engine["healthy"]))
            for engine in self.json("status")["engines"]
            for process in engine["processes"]
        }

    def audit(self) -> tuple[bool, str]:
        """Whether the ledger's own audit finds an end for everything accepted, and its words."""
        done = self.command("ledger", "audit", "--older-than", "0")
        return done.returncode == 0, (done.stdout + done.stderr).strip()
