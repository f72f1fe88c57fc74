"""Row-level security: as whom the control center asks the database, so that a forgotten filter shows nothing.

The center's login has no rights of its own. It asks as `TENANT_ROLE`, whose policies (`sql/barrier.sql`) let it see the
rows of the acting scope alone, or as `PLATFORM_ROLE`, which sees all, for the platform's people and for the few
questions that must look beyond one tenant. Which of the two, and whose, each transaction is told (`postgres/base.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import psycopg
from django.db import connection, transaction

from mailcenter.settings.identities import PLATFORM_ROLE, TENANT_ROLE

if TYPE_CHECKING:
    from mailcenter.directory.scope import Scope

_SET: Final = """
    SELECT set_config('role', %s, true), set_config('mailcenter.organisations', %s, true),
           set_config('mailcenter.organisation', %s, true), set_config('mailcenter.domain', %s, true),
           set_config('mailcenter.mailbox', %s, true), set_config('mailcenter.user', %s, true)
"""
Values = tuple[str, str, str, str, str, str]
NOBODY: Final[Values] = (TENANT_ROLE, "{}", "0", "0", "0", "0")
PLATFORM: Final[Values] = (PLATFORM_ROLE, "{}", "0", "0", "0", "0")

_acting: ContextVar[Values] = ContextVar("acting", default=NOBODY)


def set_in_transaction(raw: psycopg.Connection[object]) -> None:
    """Tell a transaction that has just begun as whom it asks."""
    raw.execute(_SET, _acting.get())


def enter(scope: Scope | None) -> None:
    """From now on, to the end of the request, ask as this scope; None is nobody."""
    _become(_values(scope))


@contextmanager
def acting(scope: Scope | None) -> Iterator[None]:
    """Ask as this scope for a while, in the present transaction and in those that begin meanwhile."""
    with _as(_values(scope)):
        yield


@contextmanager
def beyond_barrier() -> Iterator[None]:
    """Look at all tenants' rows: who logs in, what is taken elsewhere. Whoever uses it tells nothing of them on."""
    with _as(PLATFORM):
        if connection.in_atomic_block:
            yield
        else:
            with transaction.atomic():
                yield


@contextmanager
def _as(values: Values) -> Iterator[None]:
    before = _acting.get()
    _become(values)
    try:
        yield
    finally:
        _become(before)


def _become(values: Values) -> None:
    if values == _acting.get():
        return
    _acting.set(values)
    raw = connection.connection
    # A transaction that has failed takes no more words; rolled back, it forgets what was set in it.
    if connection.in_atomic_block and getattr(connection, "barrier", False) and _listens(raw):
        with connection.wrap_database_errors:
            set_in_transaction(raw)


def _listens(raw: psycopg.Connection[object] | None) -> bool:
    if raw is None or raw.closed:
        return False
    return raw.info.transaction_status != psycopg.pq.TransactionStatus.INERROR


def _values(scope: Scope | None) -> Values:
    if scope is None:
        return NOBODY
    if scope.kind == "operator":
        return PLATFORM
    whole = scope.organisation_ids if scope.kind == "organisation" else frozenset({scope.organisation_id or 0})
    organisations = frozenset() if scope.kind == "mailbox" else whole
    own_domain = max(scope.domain_ids, default=0) if scope.kind == "mailbox" else 0
    return (
        TENANT_ROLE,
        "{" + ",".join(map(str, sorted(organisations))) + "}",
        str(scope.organisation_id or 0),
        str(own_domain),
        str(scope.mailbox_id or 0),
        str(scope.user_id or 0),
    )
