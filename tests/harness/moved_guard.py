"""The real guard with a clock that a test moves: a process that reads from a file how many seconds it is ahead."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from mailcenter.engines.guard import ENGINE
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.serve.guard.daemon import serve
from mailcenter.settings.identities import GUARD_USER
from mailcenter.settings.load import CONFIG_VARIABLE, load
from tests.harness.platform import Platform
from tests.harness.wait import until

_ROOT: Final = Path(__file__).resolve().parents[2]


class Clock:
    """How far ahead the guard's clock is."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = 0.0
        self.move(0)

    def move(self, seconds: float) -> None:
        """On by so much."""
        self._ahead += seconds
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(self._ahead))
        fresh.chmod(0o644)
        fresh.replace(self._file)


@contextmanager
def moved_guard(platform: Platform) -> Iterator[Clock]:
    """In place of the platform's own guard, at the same sockets."""
    with TemporaryDirectory(prefix="mc-clock-") as name:
        Path(name).chmod(0o755)  # the guard's user reads there
        yield from _moved_guard(platform, Path(name))


def _moved_guard(platform: Platform, folder: Path) -> Iterator[Clock]:
    clock, supervisor = Clock(folder / "ahead"), Supervisor(platform.settings)
    command = ["runuser", "-u", GUARD_USER, "--", sys.executable, "-m", "tests.harness.moved_guard"]
    supervisor.stop("guard")
    with (folder / "guard.log").open("w") as log:
        guard = subprocess.Popen(
            [*command, str(folder / "ahead")],
            cwd=_ROOT,
            env={**os.environ, CONFIG_VARIABLE: str(platform.config)},
            stdout=log,
            stderr=log,
        )
        try:
            until(lambda: _healthy(platform), "the guard with a moved clock")
            yield clock
        finally:
            guard.terminate()
            guard.wait(30)
            supervisor.start("guard")
            until(lambda: _healthy(platform), "the platform's own guard")


def _healthy(platform: Platform) -> bool:
    return ENGINE.health(platform.settings).ok


def main() -> None:
    """Serve until SIGTERM."""
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    ahead = Path(sys.argv[1])
    asyncio.run(serve(load(), lambda: time.time() + float(ahead.read_text())))


if __name__ == "__main__":
    main()
