"""Writes the history of logins to PostgreSQL in batches, beside the answers: without it logins go on."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, Final

import psycopg

from mailcenter.guard.attempt import Attempt, is_within
from mailcenter.guard.history import Result, Waiting
from mailcenter.serve.guard.countries import Countries
from mailcenter.settings.identities import DATABASE, GUARD_USER, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

EVERY: Final = 1.0
"""Seconds between two batches."""
_TRY_AGAIN: Final = 2.0
_PRUNE_EVERY: Final = 3600.0
_MOST_LOCKOUTS: Final = 1000
_LONGEST_BAN: Final = 30 * 86400.0
_REPEAT_DAYS: Final = 30.0
_NOTE: Final = b"SELECT engine.note_logins(%s::jsonb, %s)"
_LOCKED: Final = b"SELECT engine.note_lockouts(%s::jsonb)"
_BAN: Final = b"SELECT engine.ban_guessers(%s::jsonb, %s, %s, %s)"
_PRUNE: Final = b"SELECT engine.prune_logins(%s)"

log = logging.getLogger("guard")


@dataclass(frozen=True, slots=True)
class Begun:
    """A lockout that has begun at `at` (seconds of the Unix epoch), after the guesses of `window_` seconds."""

    service: str
    network: str
    at: float
    seconds: float
    window_: float
    guesses: int
    attacker: bool
    """Whether the account that was guessed at does not know the network."""


class History:
    """`error`: why the last batch was not taken, empty where it was."""

    def __init__(self, settings: Settings) -> None:
        self._conninfo = (
            f"host={paths(settings).postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE}"
            f" user={ROLE_OF_USER[GUARD_USER]} application_name=guard connect_timeout=5"
            " options='-c statement_timeout=30s'"
        )
        self._tell = settings.guard.tell_new_logins
        self._days = settings.guard.history_days
        self._ban = settings.guard.ban
        self._always_pass = tuple(settings.smtp.always_pass)
        self._countries = Countries(settings.guard.country_database)
        self._waiting = Waiting()
        self._lockouts: deque[Begun] = deque(maxlen=_MOST_LOCKOUTS)
        self._next_prune = 0.0
        self.error = ""

    def note(self, attempt: Attempt, result: Result, now: float) -> None:
        """Keep an attempt; it is written a moment later."""
        self._waiting.add(attempt, result, now)

    def note_lockout(self, begun: Begun) -> None:
        """Keep that a lockout has begun, so that owners hear of one of their own network."""
        self._lockouts.append(begun)

    async def run(self) -> None:
        """Until cancelled; while PostgreSQL is away entries wait, as many as are bearable."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    while True:
                        await asyncio.sleep(EVERY)
                        await self._write(connection)
            except (psycopg.Error, OSError) as error:
                self._note_error(f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}")
                await asyncio.sleep(_TRY_AGAIN)

    async def finish(self) -> None:
        """Write what waits, before the end."""
        if not self._waiting and not self._lockouts:
            return
        try:
            async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                await self._write(connection)
        except (psycopg.Error, OSError) as error:
            log.error("%d entries of the login history are lost: %s", len(self._waiting), error)

    async def _write(self, connection: psycopg.AsyncConnection[Any]) -> None:
        entries = self._waiting.take()
        lockouts = list(self._lockouts)
        try:
            if entries:
                rows = json.dumps([entry.plain(self._countries.of(entry.attempt.address)) for entry in entries])
                await connection.execute(_NOTE, (rows, self._tell))
            entries = []
            if lockouts:
                await connection.execute(_LOCKED, (json.dumps([asdict(begun) for begun in lockouts]),))
                await self._ban_attackers(connection, lockouts)
        except psycopg.DataError as error:  # never writable: do not stand still for it
            log.error("entries of the login history were refused: %s", str(error).strip())
            entries = []
        except BaseException:
            self._waiting.put_back(entries)
            raise
        for _ in lockouts:
            self._lockouts.popleft()
        if time.monotonic() >= self._next_prune:
            await connection.execute(_PRUNE, (self._days,))
            self._next_prune = time.monotonic() + _PRUNE_EVERY
        self._note_error("")

    async def _ban_attackers(self, connection: psycopg.AsyncConnection[Any], lockouts: list[Begun]) -> None:
        guilty = [
            {"network": begun.network, "guesses": begun.guesses}
            for begun in lockouts
            if begun.attacker and not is_within(begun.network.partition("/")[0], self._always_pass)
        ]
        if self._ban and guilty:
            await connection.execute(_BAN, (json.dumps(guilty), self._ban, _LONGEST_BAN, _REPEAT_DAYS))

    def _note_error(self, error: str) -> None:
        if error and not self.error:
            log.error("the login history waits: %s", error)
        self.error = error
        if self._waiting.lost:
            log.error("%d logins were not kept in the history", self._waiting.lost)
            self._waiting.lost = 0
