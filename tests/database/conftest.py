"""Tests with the real PostgreSQL: each in a transaction that is rolled back."""

from __future__ import annotations

import pytest

from mailcenter.directory.models import Role, User
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
