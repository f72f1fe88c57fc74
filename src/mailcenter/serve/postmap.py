"""Postfix's own tool for its tables, as daemons of ours call it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

_SECONDS: Final = 60.0


def postmap(configuration: Path, *arguments: str) -> str:
    """What `postmap` says, with Postfix's `configuration`.

    Raises:
        OSError: it did not work, and why.
    """
    command = ("postmap", "-c", str(configuration), *arguments)
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise OSError(f"postmap did not end in {_SECONDS:g} s") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise OSError(said or f"postmap ended with exit code {done.returncode}")
    return done.stdout.decode("utf-8", "replace")
