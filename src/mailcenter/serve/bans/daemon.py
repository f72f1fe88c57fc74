"""Follows the bans in PostgreSQL: one line for each beginning and end, the file for postscreen, the firewall's set."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from mailcenter.serve.bans.deny_list import DenyList
from mailcenter.serve.bans.firewall import Firewall, FirewallError
from mailcenter.serve.bans.mark import Mark
from mailcenter.serve.following import hear_word
from mailcenter.serve.heartbeat import beat
from mailcenter.settings.identities import DATABASE, POSTGRES_PORT
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

CHANNEL: Final = "bans_changed"
LOOK_EVERY: Final = 5.0
"""Seconds between two looks at the bans where nobody tells of a change: some may be over."""
_LEAST_PAUSE: Final = 0.2
_TRY_AGAIN: Final = 2.0
_IN_FORCE: Final = b"SELECT id, network, cause, ends_at FROM engine.gate_ban"
_END: Final = b"SELECT engine.end_bans(%s)"

log = logging.getLogger("bans")


class Keeper:
    """`known`: the bans in force as last seen, by id; None before the first look, which tells of nothing."""

    def __init__(self, settings: Settings) -> None:
        place = paths(settings)
        self._heartbeat = place.run("bans") / "heartbeat"
        self._mark = Mark(place.deny_list_mark, place.etc("postfix"))
        self._deny_list = DenyList(place.deny_list, place.deny_list_mark)
        self._firewall = Firewall(settings) if settings.guard.firewall else None
        self._error = ""
        self._keep_days = settings.ledger.retention_days
        self._conninfo = (
            f"host={place.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=mc_gate"
            " application_name=bans connect_timeout=5 options='-c statement_timeout=60s'"
        )
        self._known: dict[int, str] | None = None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> None:
        """Until `stop`; while PostgreSQL is away the file stays as it is."""
        while not self._stop.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    while not self._stop.is_set():
                        wait = await self._look(connection)
                        await self._sleep(_LEAST_PAUSE)
                        await hear_word(connection, wait)
            except (psycopg.Error, OSError) as error:
                log.warning("bans cannot be followed: %s", str(error).strip().partition("\n")[0])
                await self._sleep(_TRY_AGAIN)
        if self._firewall is not None:
            with contextlib.suppress(FirewallError):  # the table of a stopped platform is replaced at its next start
                await self._firewall.remove()

    async def _look(self, connection: psycopg.AsyncConnection[Any]) -> float:
        """Tell of what began and ended; the seconds until the next look at the latest."""
        await connection.execute(_END, (self._keep_days,))
        rows = await (await connection.execute(_IN_FORCE)).fetchall()
        self._tell(rows)
        self._known = {row[0]: row[1] for row in rows}
        await self._close_firewall({network for _, network, cause, _ in rows if cause == "guessing"})
        await asyncio.to_thread(self._mark.keep)
        too_early = self._deny_list.write(set(self._known.values()), time.monotonic())
        beat(self._heartbeat, bans=len(rows), error=self._error, made=self._mark.made)
        soonest = min(((row[3] - datetime.now(UTC)).total_seconds() for row in rows), default=LOOK_EVERY)
        return max(_LEAST_PAUSE, min(LOOK_EVERY, soonest, too_early or LOOK_EVERY))

    async def _close_firewall(self, attackers: set[str]) -> None:
        if self._firewall is None:
            return
        try:
            await self._firewall.write(attackers)
        except FirewallError as error:
            if str(error) != self._error:
                log.error("the firewall does not follow: %s", error)
            self._error = str(error)
        else:
            self._error = ""

    def _tell(self, rows: list[tuple[Any, ...]]) -> None:
        now = {row[0] for row in rows}
        if self._known is not None:
            for ban_id in self._known.keys() - now:
                log.warning("[smtp] Unban %s", _plain(self._known[ban_id]))
        for ban_id, network, cause, ends_at in rows:
            if self._known is None or ban_id not in self._known:
                log.warning("[smtp] Ban %s until %s (%s)", _plain(network), f"{ends_at:%Y-%m-%d %H:%M:%S%z}", cause)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return


def _plain(network: str) -> str:
    """A single address without its prefix, as people and other programs' logs write it."""
    return network.removesuffix("/32").removesuffix("/128")
