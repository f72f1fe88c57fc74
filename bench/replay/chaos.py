"""Kill parts of the platform with SIGKILL, once each, spread over a replay, and see them come back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.replay.platform import Platform, PlatformError, wait_until

GATE_WORKER = "gate worker"
VICTIMS = ("rspamd", "clamd", GATE_WORKER, "dovecot", "postgres", "gate", "ledger")
_BACK_SECONDS = 90.0


@dataclass(frozen=True)
class Death:
    """`at`: how many mails were done; `back_after`: seconds until a healthy successor, or None for never."""

    victim: str
    pid: int
    at: int
    back_after: float | None


def moments(victims: tuple[str, ...], mails: int) -> list[tuple[int, str]]:
    """After how many mails each victim dies: evenly spread, none at the very start or end."""
    return [(mails * (position + 1) // (len(victims) + 1), victim) for position, victim in enumerate(victims)]


def children(pid: int) -> list[int]:
    """The ids of a process's children (proc(5))."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def _worker(gate: int) -> int:
    workers = children(gate)
    if not workers:
        raise PlatformError("the gate has no worker to kill")
    return workers[0]


def _is_back(platform: Platform, victim: str, old: int) -> bool:
    if victim == GATE_WORKER:
        gate = platform.processes().get("gate")
        return gate is not None and gate.healthy and old not in (now := children(gate.pid)) and bool(now)
    process = platform.processes().get(victim)
    return process is not None and process.healthy and process.pid != old


def kill(platform: Platform, victim: str, at: int) -> Death:
    """Kill one victim and wait until the platform says that its successor is healthy.

    Raises:
        PlatformError: there was nothing to kill.
    """
    name = "gate" if victim == GATE_WORKER else victim
    process = platform.processes().get(name)
    if process is None or not process.pid:
        raise PlatformError(f"{name} does not run, so it cannot be killed")
    pid = _worker(process.pid) if victim == GATE_WORKER else process.pid
    os.kill(pid, signal.SIGKILL)
    died = time.monotonic()
    try:
        wait_until(lambda: _is_back(platform, victim, pid), f"{victim} to be back", _BACK_SECONDS, step=0.5)
    except PlatformError:
        return Death(victim, pid, at, None)
    return Death(victim, pid, at, time.monotonic() - died)


def reaper(
    platform: Platform, victims: tuple[str, ...], mails: int, done: Callable[[], int], over: Callable[[], bool]
) -> list[Death]:
    """Kill each victim when its moment has come; returns when all are dead and back. Meant for a thread of its own."""
    deaths = []
    for at, victim in moments(victims, mails):
        while done() < at and not over():
            time.sleep(0.05)
        deaths.append(kill(platform, victim, done()))
    return deaths
