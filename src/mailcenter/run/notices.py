"""Starts the notices daemon: `python -m mailcenter.run.notices`, as user mailcenter-notices."""

from __future__ import annotations

from mailcenter.run.daemon import run_until_stopped
from mailcenter.serve.notices.daemon import Notices
from mailcenter.settings.load import load


def main() -> None:
    """Send notices until SIGTERM."""
    run_until_stopped(Notices(load()))


if __name__ == "__main__":
    main()
