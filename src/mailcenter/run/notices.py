"""Starts the notices daemon: `python -m mailcenter.run.notices`, as user mailcenter-notices."""

from __future__ import annotations

import signal

from mailcenter.serve.notices.daemon import Notices
from mailcenter.settings.load import load


def main() -> None:
    """Send notices until SIGTERM."""
    notices = Notices(load())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: notices.stop())
    notices.run()


if __name__ == "__main__":
    main()
