"""Can the daemons' users come to the state directory and to our code?"""

from __future__ import annotations

import sys
from pathlib import Path

import mailcenter
from mailcenter.engines.doctor.finding import Finding
from mailcenter.settings.load import config_path, paths
from mailcenter.settings.model import Settings

_OTHERS_ENTER = 0o001
_OTHERS_READ = 0o004


def check(settings: Settings) -> list[Finding]:
    needed = (paths(settings).state, Path(mailcenter.__file__).resolve().parent, Path(sys.executable).parent)
    closed = {closed for path in needed for closed in closed_directories(path)}
    found = [
        Finding(
            f"the daemons' users cannot enter {path}",
            f"chmod o+x {path}, or move what lies below it to a place that everybody may enter",
        )
        for path in sorted(closed)
    ]
    file = config_path()
    if file.exists() and not file.stat().st_mode & _OTHERS_READ:
        found.append(Finding(f"the daemons' users cannot read {file}", f"chmod o+r {file}; it holds no secrets"))
    return found


def closed_directories(path: Path) -> list[Path]:
    """Those on the way to the path, itself included, that other users may not enter."""
    return [one for one in (path, *path.parents) if one.is_dir() and not one.stat().st_mode & _OTHERS_ENTER]
