"""Fixtures for all tests: the running platform, Django's test database on its PostgreSQL, and the remote site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.platform import Platform
from tests.harness.plugin import CONFIG, OWN_PLATFORM
from tests.harness.remote import REMOTE_DOMAIN, RemoteSite, remote_site


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


@pytest.fixture(scope="session")
def running_remote(platform: Platform) -> Iterator[RemoteSite]:
    """Listens where the platform's route points; one for the whole run, so that Postfix always finds it up."""
    with remote_site(int(platform.settings.smtp.routes[REMOTE_DOMAIN].rpartition(":")[2])) as site:
        yield site


@pytest.fixture
def remote(running_remote: RemoteSite) -> Iterator[RemoteSite]:
    """The remote site, which takes all mail unless the test says otherwise."""
    yield running_remote
    running_remote.answers.clear()
