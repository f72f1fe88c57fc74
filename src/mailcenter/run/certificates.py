"""Starts the certificates daemon: `python -m mailcenter.run.certificates`, as its own user."""

from __future__ import annotations

from mailcenter.run.daemon import log_to_output, run_until_stopped
from mailcenter.serve.certificates.daemon import Certificates
from mailcenter.settings.load import load


def main() -> None:
    """Keep the certificates until SIGTERM; a line for each that comes or goes goes to standard output."""
    log_to_output()
    run_until_stopped(Certificates(load()))


if __name__ == "__main__":
    main()
