"""Find whose the log lines are: what memory, the database and the lines that wait know of queue ids and sessions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg import AsyncConnection

from mailcenter.ledger.events import Child, Event, Filing, PostfixFinding
from mailcenter.serve.follower.joining import Joined, Owner, from_payload, join, queue_key, session_key

_REMEMBERED = 50_000
"""Queue ids whose transaction is kept in memory: those of the last minutes of a busy server."""


class Resolver:
    """Works inside the caller's transaction; `committed` tells it that this one was kept."""

    def __init__(self, connection: AsyncConnection[Any], node: str) -> None:
        self._connection = connection
        self._node = node
        self._owners: OrderedDict[str, Owner] = OrderedDict()
        self._waiting: set[str] = set()
        self._resolved: set[str] = set()

    async def load(self) -> None:
        """Learn which keys are waited for."""
        found = await self._connection.execute("SELECT DISTINCT key FROM ledger_waiting WHERE node = %s", (self._node,))
        self._waiting = {row[0] for row in await found.fetchall()}

    @property
    def anything_waits(self) -> bool:
        """Whether findings wait for a transaction."""
        return any(key.startswith("q:") for key in self._waiting)

    def committed(self, owners: dict[str, Owner], joined: Joined) -> None:
        """Remember what the transaction that was just committed has changed."""
        self._waiting = self._waiting - self._resolved | {key for key, _ in joined.waiting}
        self._owners.update(owners)
        while len(self._owners) > _REMEMBERED:
            self._owners.popitem(last=False)

    async def join(
        self, batch_findings: Sequence[PostfixFinding], batch_filings: Sequence[Filing], owners: dict[str, Owner]
    ) -> Joined:
        """Join findings, filings and what waited for them; `owners`, of the batch's own records, grows."""
        self._resolved = set()
        findings, filings = list(batch_findings), list(batch_filings)
        await self._wake({queue_key(queue_id) for queue_id in owners}, findings, filings)
        await self._wake(_sessions(findings), findings, filings)
        await self._find_owners(findings, owners)
        joined = join(findings, filings, owners, await self._references(findings))
        # Children found just now may be what others waited for, and so on.
        fresh = {queue_key(heir.queue_id) for heir in joined.heirs}
        while fresh:
            more: list[PostfixFinding] = []
            late: list[Filing] = []
            await self._wake_all(fresh, joined, more, late)
            await self._wake_all(_sessions(more), joined, more, late)
            again = join(more, late, owners, {})
            joined.events += again.events
            joined.heirs += again.heirs
            joined.waiting += again.waiting
            fresh = {queue_key(heir.queue_id) for heir in again.heirs}
        return joined

    async def _wake_all(
        self, keys: set[str], joined: Joined, findings: list[PostfixFinding], filings: list[Filing]
    ) -> None:
        """Like `_wake`, and also what this very batch has laid aside."""
        await self._wake(keys, findings, filings)
        for key, value in joined.waiting:
            if key in keys:
                _sort_in(value, findings, filings)
        joined.waiting = [(key, value) for key, value in joined.waiting if key not in keys]

    async def _wake(self, keys: set[str], findings: list[PostfixFinding], filings: list[Filing]) -> None:
        """Take what waits for these keys out of the database and add it to the lists."""
        wanted = (keys & self._waiting) - self._resolved
        if not wanted:
            return
        found = await self._connection.execute(
            "DELETE FROM ledger_waiting WHERE node = %s AND key = ANY(%s) RETURNING id, payload",
            (self._node, list(wanted)),
        )
        for _, payload in sorted(await found.fetchall(), key=lambda row: row[0]):
            _sort_in(from_payload(payload), findings, filings)
        self._resolved |= wanted

    async def _find_owners(self, findings: Sequence[PostfixFinding], owners: dict[str, Owner]) -> None:
        """Add to `owners` what memory or the database knows of the queue ids in these findings."""
        unknown = set()
        for finding in findings:
            queue_id = finding.parent if isinstance(finding, Child) else finding.queue_id
            if queue_id and queue_id not in owners:
                remembered = self._owners.get(queue_id)
                if remembered:
                    owners[queue_id] = remembered
                else:
                    unknown.add(queue_id)
        if unknown:
            found = await self._connection.execute(
                "SELECT queue_id, started_at, reference FROM ledger_queue"
                " WHERE queue_id = ANY(%s) AND node = %s ORDER BY started_at",
                (list(unknown), self._node),
            )
            owners |= {row[0]: Owner(row[1], row[2]) for row in await found.fetchall()}

    async def _references(self, findings: Sequence[PostfixFinding]) -> dict[str, Owner]:
        wanted = {finding.reference for finding in findings if isinstance(finding, Child) and finding.reference}
        if not wanted:
            return {}
        found = await self._connection.execute(
            "SELECT reference, started_at FROM ledger_transaction WHERE reference = ANY(%s)", (list(wanted),)
        )
        return {row[0]: Owner(row[1], row[0]) for row in await found.fetchall()}

    async def waited(self, grace: timedelta) -> dict[str, list[Event]]:
        """The events of messages that have been waiting for a transaction for longer than `grace`, by queue id."""
        found = await self._connection.execute(
            "SELECT key, payload FROM ledger_waiting WHERE node = %(node)s AND key IN (SELECT key FROM ledger_waiting"
            " WHERE node = %(node)s AND key LIKE 'q:%%' AND noted_at < now() - %(grace)s) ORDER BY id",
            {"node": self._node, "grace": grace},
        )
        events: dict[str, list[Event]] = {}
        for key, payload in await found.fetchall():
            value = from_payload(payload)
            of_message = events.setdefault(key.removeprefix("q:"), [])
            if isinstance(value, Event):
                of_message.append(value)
        return events


def _sessions(findings: Sequence[PostfixFinding]) -> set[str]:
    return {session_key(finding.session) for finding in findings if isinstance(finding, Event) and finding.session}


def _sort_in(value: Event | Child | Filing, findings: list[PostfixFinding], filings: list[Filing]) -> None:
    if isinstance(value, Filing):
        filings.append(value)
    else:
        findings.append(value)
