"""A server's first configuration and its systemd unit."""

from __future__ import annotations

from pathlib import Path

from mailcenter.engines.server import server_toml, unit
from mailcenter.settings.load import load
from mailcenter.settings.model import Settings


def test_the_configuration_has_the_real_ports(tmp_path: Path) -> None:
    file = tmp_path / "mailcenter.toml"
    file.write_text(server_toml("mail.example.net", Path("/var/lib/mailcenter")))
    settings = load(file)
    assert (settings.host_name, settings.state_dir) == ("mail.example.net", Path("/var/lib/mailcenter"))
    assert (settings.listen.smtp, settings.listen.imaps, settings.listen.https) == (25, 993, 443)
    assert not settings.demo
    assert settings.virus.update


def test_the_unit_runs_the_same_supervisor(server: Settings) -> None:
    lines = unit(server).splitlines()
    assert "Type=forking" in lines
    assert f"PIDFile={server.state_dir}/run/supervisor/supervisord.pid" in lines
    assert "Environment=MAILCENTER_CONFIG=/etc/mailcenter/mailcenter.toml" in lines
    commands = {line.partition("=")[0]: line.rpartition(" ")[2] for line in lines if line.startswith("Exec")}
    assert commands.pop("ExecStartPre") == "fs.inotify.max_user_instances=32768"
    assert commands == {"ExecStart": "up", "ExecReload": "up", "ExecStop": "down"}
    assert "WantedBy=multi-user.target" in lines
    sections = [line for line in lines if line.startswith("[")]
    assert sections == ["[Unit]", "[Service]", "[Install]"]
