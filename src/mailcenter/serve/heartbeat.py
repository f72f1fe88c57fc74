"""The sign of life of a daemon of ours, which health questions read: what it has to do, and what is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

EVERY = 5.0
"""Seconds between two signs of life."""


def beat(path: Path, **said: int | str) -> None:
    """Write the file at once or not at all, so that no reader sees half of it. Raises OSError."""
    values = {**said, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(values))
    fresh.replace(path)
