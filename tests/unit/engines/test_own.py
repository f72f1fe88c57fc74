"""The environment of our own processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailcenter.engines.own import own_environment
from mailcenter.settings.load import CONFIG_VARIABLE
from mailcenter.settings.model import Settings


def test_it_names_code_and_configuration(demo: Settings, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(state / "mailcenter.toml"))
    environment = own_environment(demo)
    assert environment[CONFIG_VARIABLE] == str(state / "mailcenter.toml")
    assert (Path(environment["PYTHONPATH"]) / "mailcenter" / "engines" / "own.py").exists()


def test_other_settings_are_another_build(demo: Settings) -> None:
    other = demo.model_copy(update={"language": "de"})
    assert own_environment(demo)["MAILCENTER_BUILD"] == own_environment(demo)["MAILCENTER_BUILD"]
    assert own_environment(demo)["MAILCENTER_BUILD"] != own_environment(other)["MAILCENTER_BUILD"]
