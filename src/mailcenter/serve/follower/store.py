"""The ledger daemon's side of the database: a batch of rows and the marks of its sources, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.types.json import Jsonb

from mailcenter.ledger.events import Filing, PostfixFinding
from mailcenter.ledger.notices import wanted_notices
from mailcenter.ledger.record import TransactionRecord
from mailcenter.serve.follower import rows
from mailcenter.serve.follower.joining import Joined, Owner, to_payload
from mailcenter.serve.follower.mark import Mark
from mailcenter.serve.follower.resolver import Resolver

_ABANDONED = timedelta(days=1)
"""A filing that Postfix never confirmed: its delivery was broken off and is tried again under another session."""


@dataclass
class Batch:
    """What one round of reading gave. `marks` by source name; `gone` are sources that exist no more."""

    records: list[TransactionRecord] = field(default_factory=list)
    findings: list[PostfixFinding] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    turned_away: Counter[str] = field(default_factory=Counter)
    """How often postscreen refused an address of a banned network."""

    def __bool__(self) -> bool:
        return bool(self.records or self.findings or self.filings or self.marks or self.gone)


class Store:
    """One connection, and what is known without asking. After any error, make a new one."""

    def __init__(self, connection: AsyncConnection[Any], node: str) -> None:
        self._connection = connection
        self._node = node
        self._days: set[str] = set()
        self.resolver = Resolver(connection, node)

    async def load(self) -> dict[str, tuple[Mark, float]]:
        """The marks of all sources, with the time they were kept (seconds since 1970)."""
        await self.resolver.load()
        found = await self._connection.execute(
            "SELECT name, inode, position, head, updated_at FROM ledger_source WHERE node = %s", (self._node,)
        )
        return {row[0]: (Mark(row[1], row[2], bytes(row[3])), row[4].timestamp()) for row in await found.fetchall()}

    async def write(self, batch: Batch) -> None:
        """Keep a batch; all of it or nothing.

        Raises:
            psycopg.Error: nothing was kept, or nobody knows; `load` of a new connection tells.
        """
        owners: dict[str, Owner] = {}
        async with self._connection.transaction():
            for record in batch.records:
                if record.queue_id:
                    owners[record.queue_id] = Owner(record.started_at, record.reference)
            await self._records(batch.records)
            await self._notices(batch.records)
            joined = await self.resolver.join(batch.findings, batch.filings, owners)
            await self._events(joined)
            kept = [(self._node, key, Jsonb(to_payload(value))) for key, value in joined.waiting]
            await self._copy("ledger_waiting", ("node", "key", "payload"), kept)
            if batch.turned_away:
                await self._connection.execute(
                    "SELECT engine.count_turned_away(%s::text[], %s::bigint[])",
                    (list(batch.turned_away), list(batch.turned_away.values())),
                )
            await self._marks(batch)
        self.resolver.committed(owners, joined)

    async def objection(self, record: TransactionRecord) -> str:
        """Why the database can never take this record; empty where it can. Nothing is kept."""
        self._days.clear()
        try:
            async with self._connection.transaction(force_rollback=True):
                await self._records([record])
        except psycopg.Error as error:
            if is_refusal(error):
                return str(error)
            raise
        finally:
            self._days.clear()
        return ""

    async def _records(self, records: Sequence[TransactionRecord]) -> None:
        if not records:
            return
        await self._ensure_days(record.started_at for record in records)
        await self._copy("ledger_transaction", rows.TRANSACTION, [rows.transaction_row(record) for record in records])
        recipients = [row for record in records for row in rows.recipient_rows(record)]
        await self._copy("ledger_recipient", rows.RECIPIENT, recipients)
        queue = [
            (record.started_at, record.reference, record.node, record.queue_id, "", "")
            for record in records
            if record.queue_id
        ]
        await self._copy("ledger_queue", rows.QUEUE, queue)

    async def _notices(self, records: Sequence[TransactionRecord]) -> None:
        """Hand the recipients of refused mail on to the notices daemon, exactly once as the records themselves."""
        wanted = [(rows.json_text(one),) for record in records for one in wanted_notices(record)]
        await self._copy("ledger_notice_wanted", ("wanted",), wanted)

    async def _events(self, joined: Joined) -> None:
        if not joined.events and not joined.heirs:
            return
        await self._ensure_days(owner.started_at for owner, _ in joined.events)
        await self._ensure_days(heir.owner.started_at for heir in joined.heirs)
        events = [
            rows.event_row(event, self._node, owner.started_at, owner.reference) for owner, event in joined.events
        ]
        await self._copy("ledger_event", rows.EVENT, events)
        heirs = [(*heir.owner, self._node, heir.queue_id, heir.parent, heir.relation) for heir in joined.heirs]
        await self._copy("ledger_queue", rows.QUEUE, heirs)

    async def _marks(self, batch: Batch) -> None:
        async with self._connection.cursor() as cursor:
            if batch.marks:
                await cursor.executemany(
                    "INSERT INTO ledger_source (node, name, inode, position, head) VALUES (%s, %s, %s, %s, %s)"
                    " ON CONFLICT (node, name) DO UPDATE SET inode = excluded.inode, position = excluded.position,"
                    " head = excluded.head, updated_at = now()",
                    [
                        (self._node, name, mark.inode, mark.position, mark.head)
                        for name, mark in sorted(batch.marks.items())
                    ],
                )
            if batch.gone:
                await cursor.execute(
                    "DELETE FROM ledger_source WHERE node = %s AND name = ANY(%s)", (self._node, batch.gone)
                )

    async def tidy(self, retention_days: int) -> None:
        """Make the partitions of the next days, drop those beyond retention, forget filings that nobody asked for."""
        now = datetime.now(UTC)
        await self._ensure_days(now + timedelta(days=ahead) for ahead in range(3))
        oldest = (now - timedelta(days=retention_days)).date()
        await self._connection.execute("SELECT ledger_drop_before(%s)", (oldest,))
        self._days.clear()
        await self._connection.execute(
            "DELETE FROM ledger_waiting WHERE node = %s AND key LIKE 's:%%' AND noted_at < now() - %s",
            (self._node, _ABANDONED),
        )

    async def _ensure_days(self, moments: Iterable[datetime]) -> None:
        days = {rows.day_of(moment) for moment in moments} - self._days
        for day in sorted(days):
            await self._connection.execute("SELECT ledger_ensure_day(%s::date)", (day,))
        self._days |= days

    async def _copy(self, table: str, columns: Sequence[str], values: Sequence[rows.Row]) -> None:
        if not values:
            return
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        async with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in values:
                await copy.write_row(row)


def is_refusal(error: psycopg.Error) -> bool:
    """Whether the values are at fault, not the database: the same batch would fail for ever."""
    values = isinstance(error, psycopg.DataError | psycopg.IntegrityError)
    return values or (isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None)


async def connect(host: str, port: int, database: str, role: str) -> AsyncConnection[Any]:
    """A connection that commits by `transaction()` blocks only, and never waits for ever.

    Raises:
        psycopg.OperationalError: PostgreSQL does not answer.
    """
    return await psycopg.AsyncConnection.connect(
        host=host,
        port=port,
        dbname=database,
        user=role,
        autocommit=True,
        connect_timeout=5,
        application_name="mailcenter ledger",
        options="-c statement_timeout=60s -c lock_timeout=10s -c timezone=UTC",
    )
