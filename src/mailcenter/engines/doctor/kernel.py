"""Does the kernel allow what thousands of IMAP sessions need?"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailcenter.engines.doctor.finding import Finding
from mailcenter.settings.model import Settings

INSTANCES: Final = Path("/proc/sys/fs/inotify/max_user_instances")


def check(settings: Settings) -> list[Finding]:
    if settings.demo:
        return []
    try:
        allowed = int(INSTANCES.read_text())
    except (OSError, ValueError):
        return []  # a kernel that tells nothing
    return instances(allowed, settings.sessions.imap)


def instances(allowed: int, wanted: int) -> list[Finding]:
    """Each IMAP session in IDLE watches its mailbox by an instance of inotify; without one it looks each 30 seconds."""
    if allowed >= wanted:
        return []
    return [
        Finding(
            f"only {allowed} of {wanted} IMAP sessions would hear of new mail at once ({INSTANCES})",
            f"sysctl -w fs.inotify.max_user_instances={wanted}, and the same in /etc/sysctl.d",
        )
    ]
