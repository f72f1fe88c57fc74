"""Fixtures for all tests: the running platform, and Django's test database on its PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.platform import Platform
from tests.harness.plugin import CONFIG, OWN_PLATFORM


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """One platform for the whole run. A test that stops a part of it starts it again before it ends."""
    running = Platform(CONFIG)
    if OWN_PLATFORM:
        try:
            running.start()
            yield running
        finally:
            running.stop()
    else:
        yield running


@pytest.fixture(scope="session")
def django_db_modify_db_settings(platform: Platform) -> None:
    """Django's test database lies beside the platform's own, in the same PostgreSQL."""
    assert platform.paths.postgres_socket_dir.exists()
