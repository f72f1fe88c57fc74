"""Log files that the ledger follows: made before their daemon would make them with rights of its own."""

from __future__ import annotations

import os
from pathlib import Path

from mailcenter.engines.accounts import group_id, user_id
from mailcenter.settings.identities import LEDGER_USER


def ensure_log_file(path: Path, owner: str = "root") -> None:
    """Make the file, or mend its rights: written by `owner`, readable by the ledger's group, by nobody else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o640)
    os.chown(path, user_id(owner), group_id(LEDGER_USER))
    path.chmod(0o640)
