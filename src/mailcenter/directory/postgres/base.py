"""Each transaction of the control center begins by saying as whom it asks."""

from __future__ import annotations

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper

from mailcenter.directory.barrier import set_in_transaction
from mailcenter.settings.identities import CENTER_ROLE


class DatabaseWrapper(PostgresWrapper):
    """`barrier`: whether this connection stands before it; the command line's, root's, does not."""

    @property
    def barrier(self) -> bool:
        forced: bool = self.settings_dict.get("BARRIER", False)
        return forced or self.settings_dict["USER"] == CENTER_ROLE

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc] # the stubs leave it out
        if not autocommit and self.barrier:
            with self.wrap_database_errors:
                set_in_transaction(self.connection)
