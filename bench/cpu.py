"""Whole process trees and their CPU time, from /proc/PID/stat (proc(5)).

A process's own time (`utime`, `stime`) and that of its children that have ended and been waited for (`cutime`,
`cstime`) are added over every process of a tree, so short-lived processes count, too. The kernel's work in interrupts
is in nobody's time.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_STAT = re.compile(rb"\d+ \(.*\) (.*)", re.DOTALL)


def _processes() -> dict[int, tuple[int, int]]:
    """Each process's parent and clock ticks."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        matched = _STAT.match(stat)
        if matched:
            fields = matched[1].split()
            ticks = sum(int(field) for field in fields[11:15])  # utime stime cutime cstime
            found[int(entry)] = (int(fields[1]), ticks)
    return found


def members(roots: Mapping[str, int]) -> dict[str, list[int]]:
    """The processes of the tree below each root (name to process id), the root included, other roots not."""
    return {name: list(tree) for name, tree in _trees(roots).items()}


def seconds_by_root(roots: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds used so far by the tree below each root."""
    return {name: sum(tree.values()) / _TICKS_PER_SECOND for name, tree in _trees(roots).items()}


def _trees(roots: Mapping[str, int]) -> dict[str, dict[int, int]]:
    """Clock ticks by process of each tree."""
    processes = _processes()
    children: dict[int, list[int]] = defaultdict(list)
    for pid, (parent, _) in processes.items():
        children[parent].append(pid)
    trees: dict[str, dict[int, int]] = {}
    others = set(roots.values())
    for name, root in roots.items():
        tree, waiting = {}, [root] if root in processes else []
        while waiting:
            pid = waiting.pop()
            tree[pid] = processes[pid][1]
            waiting += [child for child in children[pid] if child not in others]
        trees[name] = tree
    return trees


def difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each root used between two readings, the largest first."""
    used = {name: seconds - before.get(name, 0.0) for name, seconds in after.items()}
    return dict(sorted(used.items(), key=lambda item: -item[1]))
