"""The two customers, made once for a module: these tests are many, and each leaves everything as it was."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from mailcenter.directory.models import Role, User
from tests.database.world import Tenant, make_tenant, make_user


@dataclass(frozen=True)
class World:
    """Everybody there is."""

    ours: Tenant
    theirs: Tenant
    operator: User
    support: User


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """In a transaction around those of the module's tests, rolled back at its end."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        made = World(
            ours=make_tenant("ours"),
            theirs=make_tenant("theirs"),
            operator=make_user(Role.OPERATOR, None, "operator"),
            support=make_user(Role.SUPPORT, None, "support"),
        )
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def ours(world: World, db: None) -> Tenant:
    return deepcopy(world.ours)


@pytest.fixture
def theirs(world: World, db: None) -> Tenant:
    return deepcopy(world.theirs)


@pytest.fixture
def operator(world: World, db: None) -> User:
    return deepcopy(world.operator)


@pytest.fixture
def support(world: World, db: None) -> User:
    return deepcopy(world.support)
