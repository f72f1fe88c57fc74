"""Kill or halt parts of the platform, once each, spread over a replay, and see them come back."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.replay.platform import Platform, PlatformError, wait_until
from bench.replay.sender import Pace

GATE_WORKER = "gate worker"
VICTIMS = ("rspamd", "clamd", GATE_WORKER, "dovecot", "postgres", "gate", "ledger", "domains")
HALTED = ("unbound", "redis", "rspamd", "clamd", "postgres")
"""What the gate asks for each mail."""
_BACK_SECONDS = 90.0
_HALTS = (8.0, 2.0, 0.5, 0.5)
"""Seconds without a sign of life, one halt after the other: hanging, then slow, then flapping."""
_LONGEST = {"rspamd": 23.0, "clamd": 23.0}
"""In place of the first: longer than the gate waits for a scanner (`gate.filter_timeout`), so that it must defer."""
_BETWEEN_HALTS = 0.5

Harm = Literal["kill", "halt"]


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


def tree(pid: int) -> list[int]:
    """The process and all below it that still run, parents first."""
    found = [pid]
    for each in found:
        try:
            found += children(each)
        except OSError:
            continue  # it ended while we looked
    return found


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


async def halt(pid: int, moment: Moment, pace: Pace) -> None:
    """Halt a process with all its children again and again; in the end it goes on.

    The moment's mails are let go in portions, each while there is no sign of life: so it is certain that they meet it.
    """
    first = pace.limit
    halts = (_LONGEST.get(moment.victim, _HALTS[0]), *_HALTS[1:])
    for number, seconds in enumerate(halts, start=1):
        halted = await asyncio.to_thread(tree, pid)
        try:
            _signal(halted, signal.SIGSTOP)
            await pace.allow(first + (moment.limit - first) * number // len(halts))
            await asyncio.sleep(seconds)
        finally:
            _signal(halted, signal.SIGCONT)
        await asyncio.sleep(_BETWEEN_HALTS)


def seconds_until_healthy(platform: Platform, victim: str) -> float | None:
    """How long it takes until the platform says that the victim is healthy; None where it never is."""
    began = time.monotonic()

    def is_well() -> bool:
        process = platform.processes().get(victim)
        return process is not None and process.healthy

    try:
        wait_until(is_well, f"{victim} to be well", _BACK_SECONDS, step=0.5)
    except PlatformError:
        return None
    return time.monotonic() - began


async def reap(
    platform: Platform, victims: tuple[str, ...], mails: int, pace: Pace, harm: Harm = "kill"
) -> list[Death]:
    """Harm each victim when its moment has come, the next one only when the one before is back.

    Raises:
        PlatformError: there was nothing to kill.
    """
    deaths = []
    for moment in moments(victims, mails):
        pid = await asyncio.to_thread(find, platform, moment.victim)
        if harm == "halt":
            at = pace.done
            await halt(pid, moment, pace)
            back_after = await asyncio.to_thread(seconds_until_healthy, platform, moment.victim)
        else:
            await pace.allow(moment.limit)
            await pace.reached(moment.at)
            os.kill(pid, signal.SIGKILL)
            at = pace.done
            back_after = await asyncio.to_thread(seconds_until_back, platform, moment.victim, pid)
        deaths.append(Death(moment.victim, pid, at, back_after))
    await pace.allow(mails)
    return deaths
