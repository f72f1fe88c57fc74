"""A whole running platform for the tests, started by the same commands that a user gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mailcenter.settings.load import CONFIG_VARIABLE, load, paths
from mailcenter.settings.model import Settings
from mailcenter.settings.paths import Paths

START_SECONDS = 240  # the very first start compiles Rspamd's expressions


@dataclass(frozen=True)
class Platform:
    """A running platform, known by its configuration file."""

    config: Path

    @cached_property
    def settings(self) -> Settings:
        return load(self.config)

    @property
    def paths(self) -> Paths:
        return paths(self.settings)

    def mailcenter(
        self, *arguments: str, stdin: str | None = None, timeout: float = 60, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run the `mailcenter` command as a user would.

        Raises:
            AssertionError: it failed, and `check` is on; with what it printed.
        """
        done = subprocess.run(
            [sys.executable, "-m", "mailcenter.run.cli", *arguments],
            env={**os.environ, CONFIG_VARIABLE: str(self.config)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check:
            said = f"{done.stdout}\n{done.stderr}"
            assert done.returncode == 0, f"mailcenter {' '.join(arguments)} ended with {done.returncode}:\n{said}"
        return done

    def json(self, *arguments: str) -> Any:
        """What a command with `--json` printed."""
        return json.loads(self.mailcenter(*arguments, "--json").stdout)

    @cached_property
    def info(self) -> dict[str, Any]:
        information: dict[str, Any] = self.json("info")
        return information

    def port(self, service: str) -> int:
        """The port of a service, by its name in the `[listen]` table; all listen on 127.0.0.1."""
        port: int = self.info["services"][service]["port"]
        return port

    @cached_property
    def logins(self) -> dict[str, dict[str, str]]:
        """The demo logins: `operator`, `domain_admin`, `alice`, `bob`, each with `login` and `password`."""
        logins: dict[str, dict[str, str]] = json.loads(self.paths.demo_logins.read_text())
        return logins

    def start(self) -> None:
        """Start everything and fill in the demo domain."""
        self.mailcenter("up", timeout=START_SECONDS)
        self.mailcenter("demo", "seed")

    def stop(self) -> None:
        self.mailcenter("down", timeout=90)

    def flush_queue(self) -> None:
        """Let Postfix try what it has deferred at once."""
        subprocess.run(["postqueue", "-c", str(self.paths.etc("postfix")), "-f"], check=True)
