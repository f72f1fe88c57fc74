"""The table of commands, walked whole; and how failures are told."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailcenter.cli.errors import CommandError, lines_of
from mailcenter.cli.main import COMMANDS, Row, app
from mailcenter.engines.base import EngineError
from mailcenter.settings.load import CONFIG_VARIABLE, SettingsError


def test_help_lists_every_command_without_a_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, "/nonexistent/mailcenter.toml")
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for row in COMMANDS:
        assert f" {row.name} " in shown.output


@pytest.mark.parametrize("row", COMMANDS, ids=[row.name for row in COMMANDS])
def test_every_row_has_its_module(row: Row) -> None:
    assert importlib.util.find_spec(row.module)
    assert row.help.endswith(".")


@pytest.mark.parametrize("row", COMMANDS, ids=[row.name for row in COMMANDS])
def test_every_command_explains_itself(row: Row) -> None:
    shown = CliRunner().invoke(app, [row.name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert "Usage:" in shown.output


@pytest.mark.parametrize("name", ["up", "down", "status", "doctor", "info"])
def test_a_missing_configuration_is_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, "/nonexistent/mailcenter.toml")
    ended = CliRunner().invoke(app, [name])
    assert ended.exit_code == 1
    assert ended.stderr.startswith("error: /nonexistent/mailcenter.toml: no such configuration file; make one with")
    assert ended.stderr.count("\n") == 1


def test_each_wrong_setting_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mailcenter.toml"
    file.write_text('host_name = "BAD NAME"\nstate_dir = "/x"\n[listen]\nsmtp = 0\nsmpt = 25\n')
    monkeypatch.setenv(CONFIG_VARIABLE, str(file))
    ended = CliRunner().invoke(app, ["up"])
    assert ended.exit_code == 1
    lines = ended.stderr.splitlines()
    assert all(line.startswith(f"error: {file}: ") for line in lines)
    assert [line.removeprefix(f"error: {file}: ").partition(":")[0] for line in lines] == [
        "host_name",
        "listen.smtp",
        "listen.smpt",
    ]


@pytest.mark.parametrize("arguments", [["nonsense"], ["up", "--nonsense"], ["domain", "nonsense"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_what_a_person_is_told() -> None:
    assert lines_of(SettingsError("a\nb")) == ["a", "b"]
    assert lines_of(EngineError("it is broken", "mend it")) == ["it is broken; mend it"]
    assert lines_of(CommandError("it is broken")) == ["it is broken"]
