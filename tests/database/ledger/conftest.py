"""One cluster for all tests of the ledger daemon; each finds it empty."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.ledger.cluster import Cluster


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[Cluster]:
    state = Path(tempfile.mkdtemp(prefix="mc-ledger-"))
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
