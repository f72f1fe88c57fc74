"""Kill parts of the platform with SIGKILL, once each, spread over a replay, and see them come back."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from bench.replay.platform import Platform, PlatformError, wait_until
from bench.replay.sender import Pace

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


@dataclass(frozen=True)
class Moment:
    """The victim dies when `at` mails are done; mails from number `limit` on wait until it is back."""

    victim: str
    at: int
    limit: int


def moments(victims: tuple[str, ...], mails: int) -> list[Moment]:
    """Evenly spread, so that for each victim there are mails on their way when it dies, and while it is away."""
    share = mails / len(victims)
    return [
        Moment(victim, int((position + 0.3) * share), int((position + 1) * share))
        for position, victim in enumerate(victims)
    ]


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


def find(platform: Platform, victim: str) -> int:
    """The process id to kill. Raises PlatformError when there is none."""
    name = "gate" if victim == GATE_WORKER else victim
    process = platform.processes().get(name)
    if process is None or not process.pid:
        raise PlatformError(f"{name} does not run, so it cannot be killed")
    return _worker(process.pid) if victim == GATE_WORKER else process.pid


def seconds_until_back(platform: Platform, victim: str, old: int) -> float | None:
    """How long it takes until the platform says that the successor is healthy; None where it never comes."""
    died = time.monotonic()
    try:
        wait_until(lambda: _is_back(platform, victim, old), f"{victim} to be back", _BACK_SECONDS, step=0.5)
    except PlatformError:
        return None
    return time.monotonic() - died


async def reap(platform: Platform, victims: tuple[str, ...], mails: int, pace: Pace) -> list[Death]:
    """Kill each victim when its moment has come, the next one only when the one before is back.

    Raises:
        PlatformError: there was nothing to kill.
    """
    deaths = []
    for moment in moments(victims, mails):
        pid = await asyncio.to_thread(find, platform, moment.victim)
        await pace.allow(moment.limit)
        await pace.reached(moment.at)
        os.kill(pid, signal.SIGKILL)
        at = pace.done
        back_after = await asyncio.to_thread(seconds_until_back, platform, moment.victim, pid)
        deaths.append(Death(moment.victim, pid, at, back_after))
    await pace.allow(mails)
    return deaths
