"""The country of a client's address, by a database on this machine (MaxMind's format); without one nobody is asked."""

from __future__ import annotations

import logging
from pathlib import Path

import maxminddb

log = logging.getLogger("countries")


class Countries:
    """`database`: the file, or None. One that cannot be read is as none, and said in the log."""

    def __init__(self, database: Path | None) -> None:
        self._reader: maxminddb.Reader | None = None
        if database is None:
            return
        try:
            self._reader = maxminddb.open_database(database)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            log.error("countries are not known: %s", error)

    def of(self, address: str) -> str:
        """Two letters (ISO 3166), empty where it is not known."""
        if self._reader is None:
            return ""
        try:
            found = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):  # an IPv6 address in a database of IPv4, or a broken one
            return ""
        country = found.get("country") if isinstance(found, dict) else None
        code = country.get("iso_code") if isinstance(country, dict) else None
        return code if isinstance(code, str) and len(code) == 2 else ""
