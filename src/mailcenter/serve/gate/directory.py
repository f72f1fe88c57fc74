"""The directory as the gate asks it: PostgreSQL views, and a memory that lives no longer than it is true.

Answers are kept while a connection listens to `directory_changed`; a change, or the loss of that connection, empties
the memory. A domain of moderate size is read as a whole, so that guessing at its addresses costs no question each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mailcenter.mail.address import Address
from mailcenter.policy.facts import KnownDomain, KnownRecipient, KnownSender
from mailcenter.serve.gate.database import Database

WHOLE_DOMAIN: Final = 5000
"""Rows up to which a domain is kept as a whole."""
MOST_ROWS: Final = 200_000
"""Rows kept at the most; then the memory begins anew."""

_DOMAIN: Final = "SELECT organisation_id, domain_id, active FROM engine.gate_domain WHERE name = %s"
_COLUMNS: Final = "address, kind, organisation_id, domain_id, mailbox_id, active, is_full"
_WHOLE: Final = f"SELECT {_COLUMNS} FROM engine.gate_recipient WHERE domain_id = %s LIMIT {WHOLE_DOMAIN + 1}"  # noqa: S608 - constants
_SINGLE: Final = f"SELECT {_COLUMNS} FROM engine.gate_recipient WHERE address = ANY(%s)"  # noqa: S608 - constants
_SENDER: Final = (
    "SELECT organisation_id, domain_id, mailbox_id, array_agg(address) FROM engine.gate_sender"
    " WHERE login = %s GROUP BY 1, 2, 3"
)


@dataclass(slots=True)
class _Memory:
    domains: dict[str, KnownDomain | None] = field(default_factory=dict)
    whole: dict[int, dict[str, KnownRecipient] | None] = field(default_factory=dict)
    """By domain id; None where the domain is too large."""
    single: dict[str, KnownRecipient | None] = field(default_factory=dict)
    senders: dict[str, KnownSender | None] = field(default_factory=dict)
    rows: int = 0


class PostgresDirectory:
    """Implements `ports.Directory`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._memory = _Memory()
        database.on_change(self.forget)

    def forget(self) -> None:
        """Drop everything; questions on their way fill the memory that was, which nobody reads again."""
        self._memory = _Memory()

    async def domain(self, name: str) -> KnownDomain | None:
        memory = self._current()
        if name not in memory.domains:
            rows = await self._database.rows(_DOMAIN, name)
            self._count(memory, 1)
            memory.domains[name] = KnownDomain(*rows[0]) if rows else None
        return memory.domains[name]

    async def recipient(self, address: Address) -> KnownRecipient | None:
        domain = await self.domain(address.domain)
        if domain is None or domain.domain_id is None:
            return None
        keys = [address.key, f"@{address.domain}"]
        if (plain := address.without_detail) is not address:
            keys.insert(1, plain.key)
        whole = await self._whole(domain.domain_id)
        if whole is None:
            return await self._single(keys)
        for key in keys:
            if key in whole:
                return whole[key]
        return None

    async def sender(self, login: str) -> KnownSender | None:
        memory = self._current()
        key = login.lower()
        if key not in memory.senders:
            rows = await self._database.rows(_SENDER, key)
            self._count(memory, 1)
            memory.senders[key] = _sender(*rows[0]) if rows else None
        return memory.senders[key]

    async def _whole(self, domain_id: int) -> dict[str, KnownRecipient] | None:
        memory = self._current()
        if domain_id not in memory.whole:
            rows = await self._database.rows(_WHOLE, domain_id)
            small = len(rows) <= WHOLE_DOMAIN
            self._count(memory, len(rows) if small else 1)
            memory.whole[domain_id] = {row[0]: KnownRecipient(*row[1:]) for row in rows} if small else None
        return memory.whole[domain_id]

    async def _single(self, keys: list[str]) -> KnownRecipient | None:
        memory = self._current()
        if keys[0] not in memory.single:
            found = {row[0]: KnownRecipient(*row[1:]) for row in await self._database.rows(_SINGLE, keys)}
            self._count(memory, 1)
            memory.single[keys[0]] = next((found[key] for key in keys if key in found), None)
        return memory.single[keys[0]]

    def _current(self) -> _Memory:
        """The memory to use now: an empty one for this question alone while changes could be missed."""
        return self._memory if self._database.hears_changes else _Memory()

    def _count(self, memory: _Memory, rows: int) -> None:
        memory.rows += rows
        if memory.rows > MOST_ROWS and memory is self._memory:
            self._memory = _Memory()


def _sender(
    organisation_id: int | None, domain_id: int | None, mailbox_id: int | None, addresses: list[str]
) -> KnownSender:
    return KnownSender(organisation_id, domain_id, mailbox_id, frozenset(addresses))
