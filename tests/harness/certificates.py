"""The real certificates daemon with other settings, in place of the platform's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.settings.identities import CERTIFICATES_USER
from mailcenter.settings.load import CONFIG_VARIABLE
from tests.harness.https import serves
from tests.harness.platform import Platform
from tests.harness.wait import until

_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def certificates_from(platform: Platform, folder: Path, settings: Mapping[str, object]) -> Iterator[Platform]:
    """Gives the platform with these settings, for what reads them; all is as before at the end.

    Args:
        folder: for the daemon's configuration and log; its user can read there.
        settings: of the table `[certificates]`.
    """
    config = folder / "mailcenter.toml"
    lines = [
        f"{name} = {json.dumps(value if isinstance(value, float) else str(value))}" for name, value in settings.items()
    ]
    config.write_text("\n".join([platform.config.read_text(), "[certificates]", *lines, ""]))
    config.chmod(0o644)
    supervisor = Supervisor(platform.settings)
    supervisor.stop("certificates")
    command = ["runuser", "-u", CERTIFICATES_USER, "--", sys.executable, "-m", "mailcenter.run.certificates"]
    with (folder / "certificates.log").open("w") as log:
        daemon = subprocess.Popen(
            command,
            cwd=_ROOT,
            env={**os.environ, CONFIG_VARIABLE: str(config), "PYTHONPATH": str(_ROOT / "src")},
            stdout=log,
            stderr=log,
        )
        try:
            yield Platform(config)
        finally:
            daemon.terminate()
            daemon.wait(90)  # it may have to wait for an authority
            supervisor.start("certificates")
            until(lambda: serves(platform, "autoconfig.demo.example"), "the platform's own certificates again")
