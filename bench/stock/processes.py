"""The daemons of the stock stack as child processes, with a wait for each to serve."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from bench.stack import StackError

_POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Raises StackError when the condition named `what` does not hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(f"waited {seconds:.0f} s in vain for: {what}")
        time.sleep(_POLL_SECONDS)


def answers(address: tuple[str, int] | str) -> bool:
    """Whether a TCP address or a unix socket takes connections."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0


class Children:
    """Processes that we start and end ourselves, by their id."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str, environment: dict[str, str] | None = None) -> None:
        with (self._log / f"{name}.out").open("ab") as output:
            self._processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | (environment or {}),
                start_new_session=True,
            )

    def alive(self) -> None:
        """Raises StackError naming the first daemon that ended by itself."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                output = (self._log / f"{name}.out").read_text(errors="replace").strip().splitlines()
                raise StackError(f"{name} ended with {process.returncode}: {' / '.join(output[-3:])}")

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._processes.items()}

    def stop(self, seconds: float = 10.0) -> None:
        """TERM to each, last started first; KILL to what is left of its process group."""
        for process in reversed(self._processes.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._processes.clear()
