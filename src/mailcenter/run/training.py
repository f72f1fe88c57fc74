"""Starts the training daemon: `python -m mailcenter.run.training`, as Rspamd's user."""

from __future__ import annotations

from mailcenter.run.daemon import log_to_output
from mailcenter.run.event_loop import run_in_loop_until_stopped
from mailcenter.serve.training.daemon import Training
from mailcenter.settings.load import load


def main() -> None:
    """Learn until SIGTERM."""
    log_to_output()
    run_in_loop_until_stopped(lambda: Training(load()))


if __name__ == "__main__":
    main()
