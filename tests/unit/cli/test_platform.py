"""How the platform's commands show what they know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailcenter.cli.main import app
from mailcenter.cli.platform import duration
from mailcenter.cli.progress import progress
from mailcenter.settings.demo import PORTS, demo_toml
from mailcenter.settings.load import CONFIG_VARIABLE, load, paths


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Of a state that was never started; pytest's own directories are too deep for sockets."""
    file = tmp_path / "mailcenter.toml"
    file.write_text(demo_toml(Path("/tmp/mc-never-started")))  # noqa: S108 - nothing is written there
    monkeypatch.setenv(CONFIG_VARIABLE, str(file))
    return file


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0s"), (59, "59s"), (61, "1min 1s"), (3600, "1h"), (90061, "1d 1h"), (86400 * 400, "400d")],
)
def test_a_duration_has_its_two_largest_units(seconds: int, shown: str) -> None:
    assert duration(seconds) == shown


def test_status_of_a_platform_that_does_not_run(config: Path) -> None:
    ended = CliRunner().invoke(app, ["status"])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "error: mail.demo.example is not running; start the platform with `mailcenter up`" in ended.stderr
    as_json = CliRunner().invoke(app, ["status", "--json"])
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout) == {"running": False, "healthy": False, "engines": []}


def test_info_has_every_service(config: Path) -> None:
    found = json.loads(CliRunner().invoke(app, ["info", "--json"]).stdout)
    assert {name: place["port"] for name, place in found["services"].items()} == PORTS
    assert {place["host"] for place in found["services"].values()} == {"127.0.0.1"}
    assert found["ca_certificate"] == str(paths(load(config)).ca_certificate)
    assert "logins" not in found


def test_info_of_a_server_names_its_host(config: Path) -> None:
    config.write_text('host_name = "mail.example.net"\nstate_dir = "/tmp/mc-never-started"\n')
    found = json.loads(CliRunner().invoke(app, ["info", "--json"]).stdout)
    assert found["services"]["smtp"] == {"host": "mail.example.net", "port": 25}


def test_without_a_terminal_progress_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        report.step("starting redis")
        report.engine("redis", healthy=False, detail="is still reading its data")
        report.engine("redis", healthy=True, detail="answers")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.partition(" s  ")[2] for line in shown.err.splitlines()] == [
        "starting redis",
        "redis: healthy, answers",
    ]
