"""The guard's process: `python -m mailcenter.run.guard`, started by the supervisor as its own user."""

from __future__ import annotations

import logging
import sys

import uvloop

from mailcenter.serve.guard.daemon import serve
from mailcenter.settings.load import SettingsError, load


def main() -> int:
    """Run until SIGTERM; one line per lockout and its end goes to standard output."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    try:
        settings = load()
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    uvloop.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
