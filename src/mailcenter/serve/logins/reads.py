"""How much the process of each session has read: it reads when its client speaks, or its mailbox changes.

Only root sees that (`/proc/PID/io`), and the mail user ends sessions; so the one writes down numbers for the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mailcenter.serve.logins.anvil import services_of

_PROC = Path("/proc")
_STARTED = 19
"""Place of the start time among what follows the command's name in `/proc/PID/stat` (proc(5))."""


class Reads(NamedTuple):
    """A session's process: `started` (clock ticks since boot) tells it from a later one of the same number."""

    process: int
    started: int
    service: str
    octets: int


def reads_of(answer: str) -> list[Reads]:
    """Of all processes that Dovecot's anvil told of; those that have ended meanwhile are left out."""
    found = (_reads(service, process) for process, service in services_of(answer).items())
    return [reads for reads in found if reads]


def as_text(reads: list[Reads]) -> str:
    """A line for each."""
    return "".join(f"{one.process} {one.started} {one.service} {one.octets}\n" for one in reads)


def from_text(text: str) -> list[Reads]:
    """What `as_text` made. Raises ValueError where it is something else."""
    rows = [line.split(" ") for line in text.splitlines()]
    return [Reads(int(process), int(started), service, int(octets)) for process, started, service, octets in rows]


def started(process: int) -> int:
    """When the process began, in clock ticks since boot; 0 where there is none."""
    try:
        return int((_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[_STARTED])
    except (OSError, ValueError, IndexError):
        return 0


def _reads(service: str, process: int) -> Reads | None:
    try:
        first = (_PROC / str(process) / "io").read_text().split("\n", 1)[0]
    except OSError:
        return None
    name, _, octets = first.partition(": ")
    began = started(process)
    return Reads(process, began, service, int(octets)) if name == "rchar" and began else None
