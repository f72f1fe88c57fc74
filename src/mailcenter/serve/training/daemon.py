"""The training daemon: takes messages from Dovecot's mail processes, and has Rspamd learn them one after the other."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections import Counter
from pathlib import Path
from typing import Final

from mailcenter.serve.heartbeat import EVERY, beat
from mailcenter.serve.training.learn import NotNowError, learn
from mailcenter.serve.training.protocol import Head, ProtocolError, parse_head
from mailcenter.serve.training.spool import KINDS, FullError, Kind, Spool
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

LONGEST: Final = 2**20
"""Octets of a message that are learned; what comes after is read and dropped."""
MOST_OF_A_DAY: Final = 500
"""Messages of one mailbox that are learned in a day: no single one decides what is spam for all."""
_CLIENT_SECONDS: Final = 60.0
_READ: Final = 64 * 1024
_LONGEST_PAUSE: Final = 30.0
_SOCKET_MODE: Final = 0o660
_DAY: Final = 86400.0

log = logging.getLogger("training")


class Training:
    """One training daemon."""

    def __init__(self, settings: Settings) -> None:
        place = paths(settings)
        self._sockets = {kind: place.training_socket(kind) for kind in KINDS}
        self._controller = place.rspamd_controller_socket
        self._heartbeat = place.run("training") / "heartbeat"
        self._spool = Spool(place.data("training"))
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._error = ""
        self._counts: Counter[str] = Counter()
        self._counted_since = time.monotonic()

    def stop(self) -> None:
        """End after the message in hand."""
        self._stop.set()
        self._wake.set()

    async def run(self) -> None:
        """Until `stop`."""
        servers = [await self._listen(kind, path) for kind, path in self._sockets.items()]
        beat = asyncio.create_task(self._beat())
        try:
            await self._learn_all()
        finally:
            beat.cancel()
            for server in servers:
                server.close()

    async def _listen(self, kind: Kind, path: Path) -> asyncio.Server:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(kind, reader, writer)

        return await asyncio.start_unix_server(serve, sock=_bound(path), limit=_READ)

    async def _serve(self, kind: Kind, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One message of Dovecot's. Whatever goes wrong with it, the move has been done."""
        try:
            async with asyncio.timeout(_CLIENT_SECONDS):
                head, message = await _read(reader)
                taken = self._take(kind, head, message)
                if head.reply_wanted:
                    writer.write(b"+\n" if taken else b"-\n")
                    await writer.drain()
        except (ProtocolError, OSError, TimeoutError) as error:
            log.error("a message was not taken: %s: %s", type(error).__name__, error)
        finally:
            writer.close()

    def _take(self, kind: Kind, head: Head, message: bytes) -> bool:
        if time.monotonic() - self._counted_since > _DAY:
            self._counts.clear()
            self._counted_since = time.monotonic()
        if self._counts[head.user] >= MOST_OF_A_DAY:
            log.info("not learned: %s has taught %d messages today", head.user, MOST_OF_A_DAY)
            return False
        if not message:
            return False
        try:
            self._spool.add(kind, message)
        except FullError as reason:
            log.error("not learned: %s", reason)
            return False
        self._counts[head.user] += 1
        self._wake.set()
        return True

    async def _learn_all(self) -> None:
        pause = 1.0
        while not self._stop.is_set():
            self._wake.clear()
            try:
                for path, kind, message in self._spool.take():
                    said = await learn(self._controller, kind, message)
                    self._spool.done(path)
                    log.info("%s of %d bytes: %s", kind, len(message), said)
                    if self._stop.is_set():
                        return
                self._error, pause = "", 1.0
            except NotNowError as reason:
                if not self._error:
                    log.error("Rspamd does not learn now: %s", reason)
                self._error = f"Rspamd does not learn: {reason}"
                await _first_of(self._stop, pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            await self._wake.wait()

    async def _beat(self) -> None:
        while True:
            beat(self._heartbeat, error=self._error, waiting=self._spool.waiting())
            await asyncio.sleep(EVERY)


async def _read(reader: asyncio.StreamReader) -> tuple[Head, bytes]:
    data = b""
    while (parsed := parse_head(data)) is None:
        part = await reader.read(_READ)
        if not part:
            raise ProtocolError("ended within its head")
        data += part
    head, message = parsed
    body = bytearray(message[:LONGEST])
    while part := await reader.read(_READ):
        body += part[: max(0, LONGEST - len(body))]
    return head, bytes(body)


async def _first_of(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _bound(path: Path) -> socket.socket:
    """The listening socket; Dovecot's mail processes reach it by the group it takes from its set-group-id folder."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    previous = os.umask(0o777 & ~_SOCKET_MODE)
    try:
        listening.bind(str(path))
    finally:
        os.umask(previous)
    return listening
