"""The real logins daemon with a database of countries, in place of the platform's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from mailcenter.engines.logins import ENGINE
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.settings.identities import LOGINS_USER
from mailcenter.settings.load import CONFIG_VARIABLE
from tests.harness.platform import Platform
from tests.harness.wait import until

_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def countries(platform: Platform, network: str, country: str) -> Iterator[None]:
    """It knows one network; all is as before at the end."""
    with TemporaryDirectory(prefix="mc-countries-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the daemon's user reads there
        writer = MMDBWriter()
        writer.insert_network(IPSet([network]), {"country": {"iso_code": country}})
        writer.to_db_file(str(folder / "countries.mmdb"))
        config = folder / "mailcenter.toml"
        setting = f'[guard]\ncountry_database = "{folder}/countries.mmdb"\n'
        config.write_text(platform.config.read_text().replace("[guard]\n", setting))
        for file in folder.iterdir():
            file.chmod(0o644)
        yield from _in_place(platform, config)


def _in_place(platform: Platform, config: Path) -> Iterator[None]:
    supervisor = Supervisor(platform.settings)
    supervisor.stop("logins")
    with (config.parent / "logins.log").open("w") as log:
        daemon = subprocess.Popen(
            ["runuser", "-u", LOGINS_USER, "--", sys.executable, "-m", "mailcenter.run.logins"],
            cwd=_ROOT,
            env={**os.environ, CONFIG_VARIABLE: str(config), "PYTHONPATH": str(_ROOT / "src")},
            stdout=log,
            stderr=log,
        )
        try:
            until(lambda: ENGINE.health(platform.settings).ok, "the logins daemon that knows countries")
            yield
        finally:
            daemon.terminate()
            daemon.wait(30)
            supervisor.start("logins")
            until(lambda: ENGINE.health(platform.settings).ok, "the platform's own logins daemon")
