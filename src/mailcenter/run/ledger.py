"""Starts the ledger daemon: `python -m mailcenter.run.ledger`, as user mailcenter-ledger."""

from __future__ import annotations

from mailcenter.run.event_loop import run_in_loop_until_stopped
from mailcenter.serve.follower.daemon import Follower
from mailcenter.settings.load import load


def main() -> None:
    """Follow until SIGTERM."""
    run_in_loop_until_stopped(lambda: Follower(load()))


if __name__ == "__main__":
    main()
