"""Ask the test's database as the control center does: with its role, behind row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from mailcenter.directory.barrier import set_in_transaction


@contextmanager
def behind_barrier() -> Iterator[None]:
    """As nobody, until a scope is entered; within the test's transaction, whose rows are not committed."""
    connection.settings_dict["BARRIER"] = True
    set_in_transaction(connection.connection)
    try:
        yield
    finally:
        connection.settings_dict["BARRIER"] = False
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', 'none', true)")
