"""Tests with the real PostgreSQL: each in a transaction that is rolled back, or on a cluster that it may break."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailcenter.directory.models import Role, User
from tests.database.cluster import Cluster
from tests.database.played_postfix import Postfix
from tests.database.world import Tenant, make_tenant, make_user


@pytest.fixture
def ours(db: None) -> Tenant:
    """The customer whose people act."""
    return make_tenant("ours")


@pytest.fixture
def theirs(db: None) -> Tenant:
    """The customer whose things they must not reach."""
    return make_tenant("theirs")


@pytest.fixture
def operator(db: None) -> User:
    return make_user(Role.OPERATOR, None, "operator")


@pytest.fixture
def support(db: None) -> User:
    return make_user(Role.SUPPORT, None, "support")


@pytest.fixture
def postfix() -> Postfix:
    return Postfix()


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[Cluster]:
    state = Path(tempfile.mkdtemp(prefix="mc-cluster-"))
    state.chmod(0o755)
    cluster = Cluster(state)
    try:
        cluster.create()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(state)


@pytest.fixture
def cluster(shared_cluster: Cluster) -> Iterator[Cluster]:
    """The cluster without rows, spool files and logs."""
    shared_cluster.empty()
    yield shared_cluster
    shared_cluster.stop_followers()
