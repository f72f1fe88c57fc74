"""Starts the domains daemon: `python -m mailcenter.run.domains`, as the gate's user."""

from __future__ import annotations

from mailcenter.run.daemon import log_to_output, run_until_stopped
from mailcenter.serve.domains.daemon import Domains
from mailcenter.settings.load import load


def main() -> None:
    """Keep Postfix's table of domains until SIGTERM."""
    log_to_output()
    run_until_stopped(Domains(load()))


if __name__ == "__main__":
    main()
