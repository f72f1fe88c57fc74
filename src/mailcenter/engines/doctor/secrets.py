"""Can the secrets be read by those who need them, and by nobody else?"""

from __future__ import annotations

import grp
import stat

from mailcenter.engines.doctor.finding import Finding
from mailcenter.settings.identities import CENTER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_OTHERS = 0o007
_GROUP_READ = 0o040


def check(settings: Settings) -> list[Finding]:
    directory = paths(settings).secrets
    if not directory.is_dir():
        return []  # before the first `up`
    found = []
    for file in sorted(directory.iterdir()):
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & _OTHERS:
            found.append(Finding(f"everybody may read the secret {file}", f"chmod o-rwx {file}, then make a new one"))
    key = directory / "center.key"
    if not key.exists():
        found.append(Finding(f"{key} is missing", "`mailcenter up` makes a new one; everybody must log in again"))
    elif grp.getgrgid(key.stat().st_gid).gr_name != CENTER_USER or not key.stat().st_mode & _GROUP_READ:
        found.append(Finding(f"the control center cannot read {key}", "`mailcenter up` mends its rights"))
    return found
