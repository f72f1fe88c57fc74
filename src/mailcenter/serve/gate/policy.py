"""What operators and owners decided, as the gate asks it: PostgreSQL views and a memory that a change empties.

Rules and networks are read as a whole. They are used on while PostgreSQL is away: without it no recipient is found, so
no mail passes by what is out of date. Treatments and sender entries are kept as a whole while there are few.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from mailcenter.mail.address import Address
from mailcenter.policy.facts import KnownRecipient
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.platform_book import Defaults, rule_book
from mailcenter.policy.rulebook import RuleBook, RuleChange
from mailcenter.policy.senders import SenderEntry, patterns_of, word_of
from mailcenter.policy.treatment import AS_PLATFORM, ListWord, Treatment
from mailcenter.serve.gate.database import Database
from mailcenter.serve.gate.ports import UnavailableError

WHOLE: Final = 5000
"""Rows up to which a table is kept as a whole."""
MOST_ROWS: Final = 50_000
"""Single answers kept at the most; then the memory begins anew."""

_RULES: Final = "SELECT rule, enabled, thresholds FROM engine.gate_rule"
_NETWORKS: Final = "SELECT network, action FROM engine.gate_network"
_TREATMENT: Final = (
    "SELECT domain_id, mailbox_id, junk_score, refuse_score, spam_action, spam_forward_to, notices,"
    " blocked_extensions, encrypted_archives FROM engine.gate_treatment"
)
_ALL_TREATMENTS: Final = f"{_TREATMENT} LIMIT {WHOLE + 1}"
_ONE_TREATMENT: Final = f"{_TREATMENT} WHERE domain_id = %s AND mailbox_id IS NOT DISTINCT FROM %s"
_ENTRY: Final = "SELECT action, kind, pattern, domain_id, mailbox_id FROM engine.gate_sender_entry"
_ALL_ENTRIES: Final = f"{_ENTRY} LIMIT {WHOLE + 1}"
_ENTRIES_OF: Final = (
    f"{_ENTRY} WHERE pattern = ANY(%s) AND (domain_id IS NULL OR domain_id = %s)"
    " AND (mailbox_id IS NULL OR mailbox_id = %s)"
)

_Key = tuple[int | None, int | None]


@dataclass(slots=True)
class _Memory:
    """`None`: not asked yet; `too_many`: the table is asked for single rows, kept in `treatments` and `words`."""

    snapshot: tuple[RuleBook, NetworkList] | None = None
    treatments: dict[_Key, Treatment] | None = None
    too_many_treatments: bool = False
    entries: dict[str, list[SenderEntry]] | None = None
    too_many_entries: bool = False
    words: dict[tuple[_Key, str], ListWord] = field(default_factory=dict)


class PostgresPolicy:
    """Implements `ports.Policy`."""

    def __init__(self, database: Database, defaults: Defaults) -> None:
        self._database = database
        self._defaults = defaults
        self._memory = _Memory()
        self._last: tuple[RuleBook, NetworkList] | None = None
        database.on_change(self.forget)

    def forget(self) -> None:
        """Drop everything; questions on their way fill the memory that was, which nobody reads again."""
        self._memory = _Memory()

    async def book(self) -> RuleBook:
        return (await self._snapshot())[0]

    async def networks(self) -> NetworkList:
        return (await self._snapshot())[1]

    async def treatment(self, recipient: KnownRecipient) -> Treatment:
        memory = self._current()
        key = (recipient.domain_id, recipient.mailbox_id)
        if memory.treatments is None:
            rows = await self._database.rows(_ALL_TREATMENTS)
            memory.too_many_treatments = len(rows) > WHOLE
            memory.treatments = {} if memory.too_many_treatments else dict(map(_treatment, rows))
        if memory.too_many_treatments and key not in memory.treatments:
            rows = await self._database.rows(_ONE_TREATMENT, *key)
            if len(memory.treatments) >= MOST_ROWS:
                memory.treatments.clear()
            memory.treatments[key] = _treatment(rows[0])[1] if rows else AS_PLATFORM
        return memory.treatments.get(key, AS_PLATFORM)

    async def sender_word(self, recipient: KnownRecipient, sender: Address) -> ListWord:
        memory = self._current()
        if memory.entries is None:
            rows = await self._database.rows(_ALL_ENTRIES)
            memory.too_many_entries = len(rows) > WHOLE
            memory.entries = {} if memory.too_many_entries else _by_pattern(rows)
        key = (recipient.domain_id, recipient.mailbox_id)
        if not memory.too_many_entries:
            known = memory.entries
            if not known:
                return ""
            found = [entry for pattern in patterns_of(sender) for entry in known.get(pattern, ())]
            return word_of(found, sender, *key) if found else ""
        if (key, sender.key) not in memory.words:
            rows = await self._database.rows(_ENTRIES_OF, list(patterns_of(sender)), *key)
            if len(memory.words) >= MOST_ROWS:
                memory.words.clear()
            memory.words[key, sender.key] = word_of((SenderEntry(*row) for row in rows), sender, *key)
        return memory.words[key, sender.key]

    async def _snapshot(self) -> tuple[RuleBook, NetworkList]:
        if self._last is not None and not self._database.hears_changes:
            return self._last
        memory = self._memory
        if memory.snapshot is None:
            try:
                memory.snapshot = self._last = await self._load()
            except UnavailableError:
                if self._last is None:
                    raise
                return self._last
        return memory.snapshot

    async def _load(self) -> tuple[RuleBook, NetworkList]:
        rules = [RuleChange(*row) for row in await self._database.rows(_RULES)]
        networks = await self._database.rows(_NETWORKS)
        return rule_book(self._defaults, rules), NetworkList((row[0], row[1]) for row in networks)

    def _current(self) -> _Memory:
        """The memory to use now: an empty one for this question alone while changes could be missed."""
        return self._memory if self._database.hears_changes else _Memory()


def _treatment(row: tuple[Any, ...]) -> tuple[_Key, Treatment]:
    domain_id, mailbox_id, junk, refuse, action, forward_to, notices, extensions, archives = row
    blocked = None if extensions is None else tuple(extensions)
    return (domain_id, mailbox_id), Treatment(junk, refuse, action, forward_to, notices, blocked, archives)


def _by_pattern(rows: list[tuple[Any, ...]]) -> dict[str, list[SenderEntry]]:
    found: dict[str, list[SenderEntry]] = {}
    for row in rows:
        found.setdefault(row[2], []).append(SenderEntry(*row))
    return found
