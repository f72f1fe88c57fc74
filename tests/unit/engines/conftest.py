"""Settings of a demo and of a server, with their state in a directory of the test's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailcenter.engines.server import server_toml
from mailcenter.settings.demo import demo_toml
from mailcenter.settings.load import load
from mailcenter.settings.model import Settings


@pytest.fixture
def state() -> Iterator[Path]:
    """A directory that daemons' users may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="mc-unit-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture
def demo(state: Path) -> Settings:
    return _loaded(state, demo_toml(state / "state"))


@pytest.fixture
def server(state: Path) -> Settings:
    return _loaded(state, server_toml("mail.example.net", state / "state"))


def _loaded(state: Path, text: str) -> Settings:
    file = state / "mailcenter.toml"
    file.write_text(f'cache_dir = "{state}/cache"\n{text}')
    return load(file)
