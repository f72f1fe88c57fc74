"""Which process groups the supervisor's programs were last started with, as `start` writes them down."""

from __future__ import annotations

from pathlib import Path

from mailcenter.engines import proc
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def group_file(settings: Settings, program: str) -> Path:
    """Holds the process group, the session, and the identity of the boot in which these numbers have a meaning."""
    return paths(settings).run("supervisor") / f"{program}.group"


def members(settings: Settings) -> set[int]:
    """The processes that are still in one of these groups."""
    boot = proc.boot()
    groups = set()
    for file in paths(settings).run("supervisor").glob("*.group"):
        match file.read_text().split():
            case [group, session, noted] if noted == boot:
                groups.add((int(group), int(session)))
    return {pid for pid in proc.pids() if (proc.process_group(pid), proc.session(pid)) in groups}
