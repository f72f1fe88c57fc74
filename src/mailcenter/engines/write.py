"""Put rendered files and directories on disk: only when something differs, never half written."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from mailcenter.engines.accounts import group_id, user_id
from mailcenter.engines.base import Directory, RenderedFile


def ensure_directory(wanted: Directory) -> bool:
    """Make the directory with its owner and mode, or mend those; tells whether something was changed."""
    changed = False
    if not wanted.path.is_dir():
        wanted.path.mkdir(parents=True, mode=wanted.mode)
        changed = True
    return _own(wanted.path, wanted.owner, wanted.group, wanted.mode) or changed


def differs(wanted: RenderedFile) -> str:
    """How the file on disk differs from the wanted one: "" (not at all), "missing", "content", "owner" or "mode"."""
    try:
        found = wanted.path.stat()
        content = wanted.path.read_bytes()
    except FileNotFoundError:
        return "missing"
    if content != wanted.content.encode():
        return "content"
    if (found.st_uid, found.st_gid) != (user_id(wanted.owner), group_id(wanted.group)):
        return "owner"
    return "mode" if stat.S_IMODE(found.st_mode) != wanted.mode else ""


def write_file(wanted: RenderedFile) -> bool:
    """Bring the file on disk in line, replacing it at once as a whole; tells whether something was changed."""
    if not differs(wanted):
        return False
    wanted.path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{wanted.path.name}.", dir=wanted.path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(wanted.content.encode())
        _own(temporary, wanted.owner, wanted.group, wanted.mode)
        temporary.replace(wanted.path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _own(path: Path, owner: str, group: str, mode: int) -> bool:
    found = path.stat()
    uid, gid = user_id(owner), group_id(group)
    changed = False
    if (found.st_uid, found.st_gid) != (uid, gid):
        os.chown(path, uid, gid)
        changed = True
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)
        changed = True
    return changed
