"""The guard's process: `python -m mailcenter.run.guard`, started by the supervisor as its own user."""

from __future__ import annotations

import sys

import uvloop

from mailcenter.run.daemon import log_to_output
from mailcenter.serve.guard.daemon import serve
from mailcenter.settings.load import SettingsError, load


def main() -> int:
    """Run until SIGTERM; one line per lockout and its end goes to standard output."""
    log_to_output()
    try:
        settings = load()
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    uvloop.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
