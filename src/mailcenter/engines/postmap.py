"""Make an empty table where Postfix wants one before a daemon of ours has written it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mailcenter.engines.checker import run


def make_empty_table(kind: str, source: Path, *, user: str) -> None:
    """Write the table of this `kind` (`hash`, `lmdb`) of an empty `source`, as the user whose folder it lies in.

    Raises:
        EngineError: it cannot be written.
    """
    with tempfile.TemporaryDirectory() as name:  # postmap wants a configuration, and Postfix's may not be there
        Path(name).chmod(0o755)
        (Path(name) / "main.cf").touch(0o644)
        run(("touch", str(source)), user=user, failure=f"no source of {source}")
        run(("postmap", "-c", name, f"{kind}:{source}"), user=user, failure=f"no table of {source}")
