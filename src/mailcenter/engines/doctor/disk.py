"""Is there room for mail, logs and the database?"""

from __future__ import annotations

import os
from pathlib import Path

from mailcenter.engines.doctor.finding import Finding
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_LEAST_BYTES = 2 * 2**30
_LEAST_SHARE = 0.05
"""Of bytes and of inodes."""


def check(settings: Settings) -> list[Finding]:
    place = paths(settings).state
    while not place.exists():
        place = place.parent
    return room(place, os.statvfs(place))


def room(place: Path, volume: os.statvfs_result) -> list[Finding]:
    """What is short on the volume of `place`."""
    remedy = "free space or enlarge the volume; with a full disk mail is deferred and PostgreSQL stops"
    free = volume.f_bavail * volume.f_frsize
    found = []
    if free < _LEAST_BYTES or volume.f_bavail < _LEAST_SHARE * volume.f_blocks:
        found.append(Finding(f"only {free / 2**30:.1f} GB are free on the volume of {place}", remedy))
    if volume.f_files and volume.f_favail < _LEAST_SHARE * volume.f_files:
        found.append(Finding(f"only {volume.f_favail} inodes are free on the volume of {place}", remedy))
    return found
