"""What a server has that a checkout has not: a configuration with real ports, and a systemd unit."""

from __future__ import annotations

import sys
from pathlib import Path

import mailcenter
from mailcenter.engines.supervisor.configuration import pid_file
from mailcenter.engines.template import fill
from mailcenter.settings.load import CONFIG_VARIABLE, SERVER_CONFIG
from mailcenter.settings.model import Settings

UNIT = Path("/etc/systemd/system/mailcenter.service")
MOST_INSTANCES = 32768
"""Of inotify for one user: enough for the largest `sessions.imap`, as the unit is written once."""


def server_toml(host_name: str, state_dir: Path) -> str:
    """The text of a server's first `mailcenter.toml`; ports and limits are the defaults."""
    return fill(__file__, "mailcenter.toml.j2", host_name=host_name, state_dir=state_dir)


def unit(settings: Settings) -> str:
    """The unit that starts and stops the same supervisor as `mailcenter up` and `down`."""
    return fill(
        __file__,
        "mailcenter.service.j2",
        pid_file=pid_file(settings),
        python=sys.executable,
        code=Path(mailcenter.__file__).resolve().parent.parent,
        variable=CONFIG_VARIABLE,
        config=SERVER_CONFIG,
        inotify_instances=MOST_INSTANCES,
    )
