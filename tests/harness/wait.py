"""Wait for a named condition instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_STEP = 0.05


class NotInTimeError(AssertionError):
    """The condition did not come true before the deadline."""


def until(condition: Callable[[], T | None], what: str, timeout: float = 60.0) -> T:
    """The first true value of `condition()`, asked again and again for `timeout` seconds.

    Raises:
        NotInTimeError: naming `what` was waited for, and the last value seen.
    """
    deadline = time.monotonic() + timeout
    pause = time.sleep
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise NotInTimeError(f"waited {timeout} s for {what}; last seen: {value!r}")
        pause(_STEP)
