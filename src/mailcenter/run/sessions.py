"""Starts the sessions daemon: `python -m mailcenter.run.sessions`, as the mail user."""

from __future__ import annotations

from mailcenter.run.daemon import log_to_output, run_until_stopped
from mailcenter.serve.logins.sessions import Sessions
from mailcenter.settings.load import load


def main() -> None:
    """End sessions until SIGTERM; a line for each time goes to standard output."""
    log_to_output()
    run_until_stopped(Sessions(load()))


if __name__ == "__main__":
    main()
