"""Make this machine a server: its configuration file and the systemd unit that runs the platform."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import say
from mailcenter.engines.base import RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.server import UNIT, server_toml, unit
from mailcenter.engines.write import write_file
from mailcenter.settings.load import SERVER_CONFIG, SettingsError, load

app = typer.Typer()


@app.command()
def init(
    host_name: Annotated[str, typer.Argument(help="The server's public name, such as mail.example.net.")],
    state_dir: Annotated[Path, typer.Option(help="Directory for all data.")] = Path("/var/lib/mailcenter"),
    root: Annotated[Path, typer.Option(help="Write below this directory instead of /.", hidden=True)] = Path("/"),
) -> None:
    """Write /etc/mailcenter/mailcenter.toml with the real ports, and the unit mailcenter.service; start nothing."""
    if os.geteuid() != 0:
        raise CommandError("only root can do this", "use sudo")
    config = root / SERVER_CONFIG.relative_to("/")
    if config.exists():
        raise CommandError(f"{config} exists already", "edit it, or move it away first")
    config.parent.mkdir(parents=True, exist_ok=True)
    write_file(RenderedFile(config, server_toml(host_name, state_dir)))
    try:
        settings = load(config)
    except SettingsError:
        config.unlink()
        raise
    service = root / UNIT.relative_to("/")
    write_file(RenderedFile(service, unit(settings)))
    if root == Path("/") and shutil.which("systemctl") and Path("/run/systemd/system").exists():
        run(["systemctl", "daemon-reload"], failure="systemd does not read its units")
    say(f"wrote {config} and {service}")
    say("look through the configuration, then: systemctl enable --now mailcenter")
