"""`mailcenter init`, below a directory that stands for the machine's root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from mailcenter.cli.main import app
from mailcenter.settings.load import load


def _init(root: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["init", *arguments, "--root", str(root)])


def test_it_writes_configuration_and_unit(tmp_path: Path) -> None:
    ended = _init(tmp_path, "mail.example.net", "--state-dir", "/srv/mail")
    assert ended.exit_code == 0, ended.output
    settings = load(tmp_path / "etc/mailcenter/mailcenter.toml")
    assert (settings.host_name, settings.state_dir) == ("mail.example.net", Path("/srv/mail"))
    unit = (tmp_path / "etc/systemd/system/mailcenter.service").read_text()
    assert "PIDFile=/srv/mail/run/supervisor/supervisord.pid" in unit
    assert "systemctl enable --now mailcenter" in ended.output


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    _init(tmp_path, "mail.example.net")
    ended = _init(tmp_path, "other.example.net")
    assert ended.exit_code == 1
    assert "exists already" in ended.stderr
    assert load(tmp_path / "etc/mailcenter/mailcenter.toml").host_name == "mail.example.net"


def test_a_wrong_name_leaves_nothing_behind(tmp_path: Path) -> None:
    ended = _init(tmp_path, "Not a host")
    assert ended.exit_code == 1
    assert "host_name: must be a host name" in ended.stderr
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
