"""One worker: an event loop that serves the connections it accepts on the shared socket."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import uvloop

from mailcenter.dmarc.evidence import Trust
from mailcenter.policy.dns_lists.shipped import lists_in_force
from mailcenter.policy.facts import limits_of
from mailcenter.policy.platform_book import defaults_of
from mailcenter.serve.gate import dns
from mailcenter.serve.gate.bans import PostgresBans
from mailcenter.serve.gate.beside import Redis, Resolver
from mailcenter.serve.gate.client import Clients
from mailcenter.serve.gate.connection import Connection
from mailcenter.serve.gate.content import Budget
from mailcenter.serve.gate.control import LONGEST_LINE, Control
from mailcenter.serve.gate.database import Database
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.directory import PostgresDirectory
from mailcenter.serve.gate.dmarc import Dmarc
from mailcenter.serve.gate.log import EVERY, HANDLER
from mailcenter.serve.gate.memory import RedisMemory
from mailcenter.serve.gate.metrics import Measured
from mailcenter.serve.gate.observer import Observer
from mailcenter.serve.gate.policy import PostgresPolicy
from mailcenter.serve.gate.ports import Clock, Scanner
from mailcenter.serve.gate.redis import Redis as RedisScripts
from mailcenter.serve.gate.rspamd import Rspamd
from mailcenter.serve.gate.scanning import Scanners
from mailcenter.serve.gate.scrape import LedgerCollector, Scrape
from mailcenter.serve.gate.seats import Seats
from mailcenter.serve.gate.session_ends import SessionEnds
from mailcenter.serve.gate.spf import Spf
from mailcenter.serve.gate.spool import Spool
from mailcenter.serve.gate.virus_scanners import virus_scanners
from mailcenter.settings.addresses import reference_url
from mailcenter.settings.identities import DATABASE, POSTGRES_PORT
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_ROTATION_CHECK: Final = 5.0
_GARBAGE: Final = (20_000, 20, 50)
"""How rarely cycles are looked for: mails leave few behind, and by default each mail would have them looked for."""
EXPLAINING_OVERHEAD: Final = 2**20
"""Bytes beside a message's own, for line ends that it may lack."""

log = logging.getLogger("gate")


@dataclass(frozen=True, slots=True)
class Sockets:
    """What all workers accept on: Postfix's milter connections, questions about mails, and those for figures."""

    milter: socket.socket
    control: socket.socket
    metrics: socket.socket | None


def run_worker(settings: Settings, sockets: Sockets) -> None:
    """Serve until SIGTERM; mails on their way get their verdict first."""
    gc.set_threshold(*_GARBAGE)
    uvloop.install()
    asyncio.run(_Worker(settings).run(sockets))


class _Worker:
    def __init__(self, settings: Settings) -> None:
        place = paths(settings)
        self._spool = Spool(place.ledger_spool, settings.node)
        self._database = _database(settings)
        self._dns = dns.Resolver(settings.dns.address, settings.dns.port, timeout=settings.dns.timeout)
        self._redis = RedisScripts(place.redis_socket, place.redis_password, timeout=settings.gate.lookup_timeout)
        canary = Resolver(settings.dns.address, settings.dns.port)
        clock = Clock(lambda: datetime.now(UTC), time.perf_counter, lambda: secrets.randbits(24))
        policy = PostgresPolicy(self._database, defaults_of(settings))
        memory = RedisMemory(self._redis)
        self._bans = PostgresBans(self._database, clock.now)
        self._observer = Observer(self._redis, policy, self._bans, map(str, settings.smtp.always_pass))
        self._desk = Desk(
            host_name=settings.host_name,
            node=settings.node,
            pages=reference_url(settings),
            limits=limits_of(settings),
            directory=PostgresDirectory(self._database),
            policy=policy,
            dns=self._dns,
            clients=Clients(self._dns, lists_in_force(settings), canary.check, offline=settings.dns.offline),
            scanner=_scanner(settings, self._dns, canary, memory),
            records=self._spool,
            clock=clock,
            budget=Budget(settings.gate.memory),
            memory=memory,
            bans=self._bans,
            session_ends=SessionEnds(self._database, clock.ticks),
            seats=Seats(
                self._redis, most=settings.sessions.submission_per_account, silence=settings.sessions.submission_idle
            ),
            observer=Measured(self._observer) if settings.metrics.enabled else self._observer,
        )
        self._control = _control(settings, self._desk, RedisMemory(self._redis, looks_only=True))
        ledger = LedgerCollector(place.ledger_spool, place.run("ledger") / "heartbeat")
        self._scrape = Scrape(place.metrics_folder, ledger)
        self._connections: set[Connection] = set()
        self._all_ended = asyncio.Event()
        self._grace = settings.gate.filter_timeout

    async def run(self, sockets: Sockets) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await self._database.open()
        server = await loop.create_unix_server(self._connection, sock=sockets.milter)
        HANDLER.collect()
        work = (self._rotate(), self._bans.follow(), self._observer.run(), _write_log())
        tasks = [asyncio.create_task(one) for one in work]
        beside = [await asyncio.start_unix_server(self._control.serve, sock=sockets.control, limit=LONGEST_LINE)]
        if sockets.metrics is not None:
            beside.append(await asyncio.start_unix_server(self._scrape.serve, sock=sockets.metrics))
        log.info("worker %d serves", os.getpid())
        await stop.wait()
        server.close()
        for other in beside:
            other.close()
        await self._finish_connections()
        for task in tasks:
            task.cancel()
        await self._observer.hand_over()
        self._dns.close()
        await self._redis.close()
        await self._database.close()
        self._spool.finish()

    def _connection(self) -> Connection:
        connection = Connection(self._desk, self._ended)
        self._connections.add(connection)
        return connection

    def _ended(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._all_ended.set()

    async def _finish_connections(self) -> None:
        """Close idle connections at once (Postfix defers), wait for those with a mail on its way."""
        self._all_ended.clear()
        for connection in list(self._connections):
            connection.leave()
        if not self._connections:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await self._all_ended.wait()
        for connection in list(self._connections):
            connection.abort()

    async def _rotate(self) -> None:
        while True:
            await asyncio.sleep(_ROTATION_CHECK)
            self._spool.finish_old()


def _database(settings: Settings) -> Database:
    timeout = settings.gate.lookup_timeout
    return Database(
        f"host={paths(settings).postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=mc_gate"
        f" application_name=gate connect_timeout={max(2, round(timeout))}",
        timeout=timeout,
    )


def _scanner(settings: Settings, resolver: dns.Resolver, canary: Resolver, memory: RedisMemory) -> Scanner:
    """Rspamd and the virus scanners side by side; what they find goes on to SPF, and then to DMARC."""
    place, timeout = paths(settings), settings.gate.filter_timeout
    scanners = Scanners(
        Rspamd(place.rspamd_socket),
        virus_scanners(settings),
        Redis(place.redis_socket),
        canary,
        timeout=timeout,
        rspamd_limit=rspamd_limit(settings),
    )
    spf = Spf(scanners, resolver, canary.check, timeout=timeout)
    trust = Trust(arc_sealers=frozenset(settings.gate.trusted_arc_sealers))
    return Dmarc(spf, resolver, memory, trust, timeout=timeout)


def _control(settings: Settings, desk: Desk, memory: RedisMemory) -> Control:
    """Explains what would become of a mail: by the desk that judges all, with a `memory` that only looks."""
    most = settings.smtp.message_size
    return Control(replace(desk, memory=memory, budget=Budget(most + EXPLAINING_OVERHEAD)), most=most)


async def _write_log() -> None:
    while True:
        await asyncio.sleep(EVERY)
        HANDLER.flush()


def rspamd_limit(settings: Settings) -> float:
    """Seconds after which Rspamd ends a scan with what it has (its `task_timeout`, rendered alike)."""
    return min(settings.gate.filter_timeout / 2, 8.0)
