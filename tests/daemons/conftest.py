"""Fixtures of the tests that drive the whole platform: two users, and the remote site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.clients import Account, account
from tests.harness.platform import Platform
from tests.harness.remote import REMOTE_DOMAIN, RemoteSite, remote_site


@pytest.fixture(scope="session")
def alice(platform: Platform) -> Account:
    return account(platform, "alice")


@pytest.fixture(scope="session")
def bob(platform: Platform) -> Account:
    return account(platform, "bob")


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
