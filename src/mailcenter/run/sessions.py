"""Starts the sessions daemon: `python -m mailcenter.run.sessions`, as the mail user."""

from __future__ import annotations

import logging
import signal
import sys

from mailcenter.serve.logins.sessions import Sessions
from mailcenter.settings.load import load


def main() -> None:
    """End sessions until SIGTERM; a line for each time goes to standard output."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    sessions = Sessions(load())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: sessions.stop())
    sessions.run()


if __name__ == "__main__":
    main()
