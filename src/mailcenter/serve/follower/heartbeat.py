"""The sign of life that health questions read: how far behind the daemon is, and what is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

EVERY = 5.0
"""Seconds between two signs of life."""


def beat(path: Path, *, lag_bytes: int, error: str, bad_files: int) -> None:
    """Write the file at once or not at all, so that no reader sees half of it."""
    values = {
        "lag_bytes": lag_bytes,
        "error": error,
        "bad_files": bad_files,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(values))
    fresh.replace(path)
