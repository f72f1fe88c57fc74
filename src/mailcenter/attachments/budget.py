"""What one walk has used up of its limits."""

from __future__ import annotations

from collections.abc import Callable

from mailcenter.attachments.findings import Limits, Reason


class LimitReached(Exception):  # noqa: N818 - an outcome of the walk, not a failure
    """Something is too much. `reason` and `detail` are those of the finding to make of it.

    `is_final`: nothing more may be looked at, not only no more of this file.
    """

    def __init__(self, reason: Reason, detail: str, *, is_final: bool = False) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.is_final = is_final


class Budget:
    """Counts against the limits. `clock` gives seconds and never goes back (as `time.monotonic`)."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._deadline = clock() + limits.seconds
        self._unpacked = 0
        self._entries = 0

    def check_time(self) -> None:
        """Raises LimitReached when the time is over."""
        if self._clock() > self._deadline:
            raise LimitReached(Reason.TOO_SLOW, f"more than {self.limits.seconds:g} s", is_final=True)

    def spend(self, octets: int) -> None:
        """Count unpacked octets; raises LimitReached when they are too many or the time is over."""
        self.check_time()
        self._unpacked += octets
        if self._unpacked > self.limits.unpacked:
            raise LimitReached(Reason.TOO_LARGE, f"more than {self.limits.unpacked} bytes unpacked", is_final=True)

    def count_entry(self) -> None:
        """Count one file in an archive; raises LimitReached when they are too many or the time is over."""
        self.check_time()
        self._entries += 1
        if self._entries > self.limits.entries:
            raise LimitReached(Reason.TOO_MANY, f"more than {self.limits.entries} files in archives", is_final=True)
