"""The gate's log: lines on standard output, which the supervisor keeps; of a worker several at once."""

from __future__ import annotations

import logging
import sys
from typing import Final

EVERY: Final = 0.5
"""Seconds after which a worker writes its lines at the latest: each write wakes the supervisor."""
_MOST_LINES: Final = 500


class _Formatter(logging.Formatter):
    """Reads the calendar once a second: it costs as much as the rest of a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z")
        self._second = -1
        self._time = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        second = int(record.created)
        if second != self._second:
            self._second, self._time = second, super().formatTime(record, datefmt)
        return self._time


class LogHandler(logging.Handler):
    """Writes each line at once, or after `collect` when `flush` is called, at an error, and when many have gathered."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(_Formatter())
        self._lines: list[str] = []
        self._most = 1

    def collect(self) -> None:
        """Gather lines from now on; the caller flushes them every EVERY seconds."""
        self._most = _MOST_LINES

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record) + "\n")
            if len(self._lines) >= self._most or record.levelno >= logging.ERROR:
                self.flush()
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        if self._lines:
            lines, self._lines = self._lines, []
            sys.stdout.write("".join(lines))
            sys.stdout.flush()


HANDLER: Final = LogHandler()


def set_up() -> None:
    """Let all loggers of this process write here, and look up nothing that our lines do not hold."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # no look for the caller: the logging HOWTO's own advice ("Optimization")
    logging.basicConfig(level=logging.INFO, handlers=[HANDLER])
