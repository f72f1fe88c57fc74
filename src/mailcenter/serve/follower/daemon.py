"""The loop of the ledger daemon: read, keep, and when the database is away wait for it; nothing is ever skipped."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from mailcenter.serve.follower.local import local_record
from mailcenter.serve.follower.reading import Reading
from mailcenter.serve.follower.spool import Spool, Taken
from mailcenter.serve.follower.store import Batch, Store, connect, is_refusal
from mailcenter.serve.follower.tail import Tail
from mailcenter.serve.heartbeat import EVERY, beat
from mailcenter.settings.identities import DATABASE, LEDGER_USER, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

POLL = 0.2
"""Seconds between two looks at files that had nothing new."""

LONGEST_REST = 1.0
"""Seconds between two batches in a steady stream, reached step by step: large batches cost less."""

_LONGEST_PAUSE = 5.0
_TIDY_EVERY = 3600.0
_LOCAL_EVERY = 1.0
LOCAL_GRACE = timedelta(seconds=5)
"""How long a message of nobody waits for its parent to be named, before it becomes a transaction of its own."""


class Follower:
    """One ledger daemon. `role` and `host` say how to log in to the database; by default as the daemon does."""

    def __init__(self, settings: Settings, *, role: str = ROLE_OF_USER[LEDGER_USER], database: str = DATABASE) -> None:
        place = paths(settings)
        self._settings = settings
        self._role, self._database = role, database
        self._host = str(place.postgres_socket_dir)
        self._heartbeat: Path = place.run("ledger") / "heartbeat"
        self._reading = Reading(
            Spool(place.ledger_spool),
            Tail("log:postfix", place.log("postfix")),
            Tail("log:dovecot", place.log("dovecot")),
            settings.ledger.batch,
        )
        self._stop = asyncio.Event()
        self._error = "starting"
        self._next_beat = self._next_tidy = self._next_local = 0.0

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stop.set()

    async def run(self) -> None:
        """Follow until `stop`."""
        pause = rest = POLL
        while not self._stop.is_set():
            try:
                async with await connect(self._host, POSTGRES_PORT, self._database, self._role) as connection:
                    store = Store(connection, self._settings.node)
                    self._reading.restore(await store.load())
                    self._next_tidy = 0.0
                    while not self._stop.is_set():
                        more, kept = await self._round(store)
                        if not more:
                            await self._sleep(rest)
                            rest = min(rest * 2, LONGEST_REST) if kept else POLL
                        pause = POLL
            except (psycopg.Error, OSError) as error:
                self._note(f"{type(error).__name__}: {str(error).strip()}")
                self._beat()
                await self._sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _round(self, store: Store) -> tuple[bool, bool]:
        """Read and keep one batch. Gives whether more is there already, and whether there was anything to keep."""
        now = time.monotonic()
        if now >= self._next_tidy:
            await store.tidy(self._settings.ledger.retention_days)
            self._next_tidy = now + _TIDY_EVERY
        batch, taken, more = self._reading.read()
        batch.gone = self._reading.gone()
        if store.resolver.anything_waits and now >= self._next_local and not more:
            self._next_local = now + _LOCAL_EVERY
            await self._add_local(store, batch)
        if batch:
            await self._keep(store, batch, taken)
        elif taken.finished:
            self._reading.kept(batch, taken)
        self._note("; ".join(self._reading.errors()))
        self._beat()
        # Without progress there is something to wait for, such as a line that is still being written.
        return more and bool(batch), bool(batch)

    async def _keep(self, store: Store, batch: Batch, taken: Taken) -> None:
        try:
            await store.write(batch)
        except psycopg.Error as error:
            if not is_refusal(error):
                raise
            await self._set_aside_refused(store, batch, taken)
            await store.write(batch)
        self._reading.kept(batch, taken)

    async def _set_aside_refused(self, store: Store, batch: Batch, taken: Taken) -> None:
        """Take those records out of the batch that the database can never hold."""
        lines = dict(zip(map(id, taken.records), taken.lines, strict=True))
        for record in list(batch.records):
            if await store.objection(record):
                batch.records = [other for other in batch.records if other is not record]
                if id(record) in lines:
                    self._reading.spool.set_aside(*lines[id(record)])

    async def _add_local(self, store: Store, batch: Batch) -> None:
        for queue_id, events in (await store.resolver.waited(LOCAL_GRACE)).items():
            message_id = self._reading.message_ids.get(queue_id, "")
            record = local_record(self._settings.node, queue_id, events, message_id, secrets.randbits)
            if record:
                batch.records.append(record)

    def _note(self, error: str) -> None:
        """Say an error once on stderr, which the supervisor keeps, and in every sign of life until it is over."""
        if error and error != self._error:
            print(error, file=sys.stderr, flush=True)  # noqa: T201 - the daemon's own log
        self._error = error

    def _beat(self) -> None:
        now = time.monotonic()
        if now < self._next_beat:
            return
        self._next_beat = now + EVERY
        beat(
            self._heartbeat,
            lag_bytes=self._reading.lag(),
            error=self._error,
            bad_files=self._reading.spool.bad(),
        )

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return
