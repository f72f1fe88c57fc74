"""Write an engine's configuration and let its own checker judge; what is refused does not stay."""

from __future__ import annotations

import grp
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path

from mailcenter.engines.base import Engine, EngineError, RenderedFile
from mailcenter.engines.platform.applied import Applied, digest
from mailcenter.engines.write import write_file
from mailcenter.settings.model import Settings


def settle(settings: Settings, engine: Engine, applied: Applied) -> str:
    """Bring the engine's files in line and have them checked, if that was not done for these before.

    Returns:
        the digest of what now lies on disk; `applied` is brought up to date.

    Raises:
        EngineError: the daemon's words; the files are as they were before.
    """
    wanted = engine.render(settings)
    now = digest(settings, engine, wanted)
    names = [str(file.path) for file in wanted]
    gone = [Path(name) for name in applied.files if name not in names]
    before = _as_found([*(file.path for file in wanted), *gone])
    changed = [file for file in wanted if write_file(file)]
    for path in gone:
        path.unlink(missing_ok=True)
    if not (changed or gone) and applied.checked == now:
        return now
    try:
        engine.check(settings)
    except EngineError:
        _put_back(before, (file.path for file in wanted))
        raise
    applied.files, applied.checked = names, now
    return now


def _as_found(files: Iterable[Path]) -> dict[Path, RenderedFile]:
    found = {}
    for path in files:
        if path.is_file():
            status = path.stat()
            found[path] = RenderedFile(
                path,
                path.read_text(),
                mode=stat.S_IMODE(status.st_mode),
                owner=pwd.getpwuid(status.st_uid).pw_name,
                group=grp.getgrgid(status.st_gid).gr_name,
            )
    return found


def _put_back(before: dict[Path, RenderedFile], written: Iterable[Path]) -> None:
    for path in written:
        if path not in before:
            path.unlink(missing_ok=True)
    for file in before.values():
        write_file(file)
