"""Starts the bans daemon: `python -m mailcenter.run.bans`, as the gate's user."""

from __future__ import annotations

from mailcenter.run.daemon import log_to_output
from mailcenter.run.event_loop import run_in_loop_until_stopped
from mailcenter.serve.bans.daemon import Keeper
from mailcenter.settings.load import load


def main() -> None:
    """Keep the bans until SIGTERM; a line for each beginning and end goes to standard output."""
    log_to_output()
    run_in_loop_until_stopped(lambda: Keeper(load()))


if __name__ == "__main__":
    main()
