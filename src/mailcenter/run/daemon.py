"""How our own daemons run: what they say goes to standard output, and SIGTERM ends them in good order."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Final, Protocol

STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


class Daemon(Protocol):
    """`stop` may be called at any time."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


def log_to_output() -> None:
    """Lines with their time, for the supervisor, which keeps and rotates them."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )


def run_until_stopped(daemon: Daemon) -> None:
    """Run one that has no event loop."""
    for number in STOPPING:
        signal.signal(number, lambda _number, _frame: daemon.stop())
    daemon.run()
