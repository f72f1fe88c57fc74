"""`mailcenter config`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailcenter.cli.config import values
from mailcenter.cli.main import app
from mailcenter.settings.demo import demo_toml
from mailcenter.settings.load import CONFIG_VARIABLE, load


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "mailcenter.toml"
    file.write_text(demo_toml(Path("/tmp/mc-config")))  # noqa: S108 - only a short name, nothing is written there
    monkeypatch.setenv(CONFIG_VARIABLE, str(file))
    return file


def test_check_says_what_follows_and_writes_nothing(config: Path) -> None:
    ended = CliRunner().invoke(app, ["config", "check"])
    assert ended.exit_code == 0, ended.output
    assert f"{config} is good: " in ended.output
    assert not load(config).state_dir.exists()


def test_check_names_a_wrong_setting(config: Path) -> None:
    config.write_text(config.read_text() + "\n[spam]\njunk_score = 20\n")
    ended = CliRunner().invoke(app, ["config", "check"])
    assert ended.exit_code == 1
    assert "spam.junk_score: must not be above spam.refuse_score" in ended.stderr


def test_show_has_every_setting_and_where_it_is_from(config: Path) -> None:
    lines = CliRunner().invoke(app, ["config", "show"]).output.splitlines()
    shown = {line.split()[0]: line.split()[-1] for line in lines[1:]}
    assert set(shown) == {name for name, _ in values(load(config))}
    assert (shown["listen.smtp"], shown["gate.workers"]) == ("file", "default")


def test_show_as_json(config: Path) -> None:
    shown = json.loads(CliRunner().invoke(app, ["config", "show", "--json"]).output)
    assert shown["listen"]["smtp"] == 2525
    assert shown["host_name"] == "mail.demo.example"
