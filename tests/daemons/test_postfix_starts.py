"""A process of Postfix that fails at its start: master tries again within seconds, and port 25 is back."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.clients import HOST
from tests.harness.parts import family
from tests.harness.platform import Platform
from tests.harness.wait import until


@pytest.fixture
def configuration(platform: Platform) -> Iterator[Path]:
    """Without it no process of Postfix starts; in its place again after the test."""
    file = platform.paths.etc("postfix") / "main.cf"
    aside = file.with_suffix(".aside")
    yield file
    if aside.exists():
        aside.rename(file)
    until(lambda: _greeted(platform), "port 25 to be back")


def _greeted(platform: Platform) -> bool:
    try:
        with socket.create_connection((HOST, platform.port("smtp")), timeout=1) as client:
            return client.recv(512).startswith(b"220 ")
    except OSError:
        return False


def test_a_fault_of_a_moment_shuts_port_25_for_seconds_only(platform: Platform, configuration: Path) -> None:
    log = platform.paths.log("postfix")
    before = log.stat().st_size
    configuration.rename(configuration.with_suffix(".aside"))
    for process in family(platform, "postfix"):
        if process.name() == "postscreen":
            process.kill()
    assert not _greeted(platform)
    until(lambda: b"postscreen: bad command startup -- throttling" in log.read_bytes()[before:], "master to wait")
    configuration.with_suffix(".aside").rename(configuration)
    until(lambda: _greeted(platform), "port 25 to be back", timeout=30)
