"""What the ledger knows of the replayed mails, asked in its database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from mailcenter.settings.identities import DATABASE, OWNER_ROLE, POSTGRES_PORT

_RECORDS = """
    SELECT r.reference, r.address, t.verdict, t.queue_id,
           ARRAY(SELECT e.kind FROM ledger_event e
                 WHERE e.started_at = r.started_at AND e.reference = r.reference ORDER BY e.at)
    FROM ledger_recipient r JOIN ledger_transaction t USING (started_at, reference)
    WHERE r.started_at >= %s AND r.address LIKE %s
"""
_FACTS = """
    SELECT r.address, t.facts FROM ledger_recipient r JOIN ledger_transaction t USING (started_at, reference)
    WHERE r.started_at >= %s AND r.address LIKE %s
"""
_KNOWN = "SELECT reference, verdict FROM ledger_transaction WHERE started_at >= %s AND reference = ANY(%s)"


@dataclass(frozen=True)
class Record:
    """One transaction of the replay; `events` are the kinds of what happened to its message, in their order."""

    reference: str
    verdict: str
    queue_id: str
    events: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return self.verdict == "accept"


class Ledger:
    """The ledger of a running platform, read by the owner of the database (root)."""

    def __init__(self, socket_dir: Path, since: datetime) -> None:
        self._conninfo = f"host={socket_dir} port={POSTGRES_PORT} user={OWNER_ROLE} dbname={DATABASE}"
        self._since = since

    def records(self, tag: str) -> dict[int, list[Record]]:
        """All transactions with a recipient `LOCAL+TAG-NUMBER@DOMAIN`, by the number."""
        found: dict[int, list[Record]] = defaultdict(list)
        with psycopg.connect(self._conninfo) as connection:
            for reference, address, verdict, queue_id, events in connection.execute(
                _RECORDS, (self._since, f"%+{tag}-%")
            ):
                found[_number(address, tag)].append(Record(reference, verdict, queue_id, tuple(events)))
        return found

    def facts(self, tag: str) -> dict[int, dict[str, Any]]:
        """What led to the verdict of the transaction with a recipient `LOCAL+TAG-NUMBER@DOMAIN`, by the number."""
        with psycopg.connect(self._conninfo) as connection:
            rows = connection.execute(_FACTS, (self._since, f"%+{tag}-%"))
            return {_number(address, tag): facts for address, facts in rows}

    def verdicts(self, references: list[str]) -> dict[str, str]:
        """The verdict of each of these references that the ledger knows."""
        with psycopg.connect(self._conninfo) as connection:
            return dict(connection.execute(_KNOWN, (self._since, references)).fetchall())


def _number(address: str, tag: str) -> int:
    return int(address.partition(f"+{tag}-")[2].partition("@")[0])
