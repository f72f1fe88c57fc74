"""The gate's process: `python -m mailcenter.run.gate`, started by the supervisor as its own user."""

from __future__ import annotations

import logging
import sys

from mailcenter.serve.gate.log import set_up
from mailcenter.serve.gate.parent import Parent
from mailcenter.settings.load import SettingsError, load


def main() -> int:
    """Run until SIGTERM; one line per verdict goes to standard output."""
    set_up()
    # What a lost PostgreSQL means for each mail stands in our own lines; the driver's would drown them.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    try:
        settings = load()
    except SettingsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    Parent(settings).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
