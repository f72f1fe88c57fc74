"""Give Prometheus the figures over HTTP on a unix socket; nginx stands before it and decides who may ask."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import h11
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

_SECONDS: Final = 20.0
_READ: Final = 8192

log = logging.getLogger("gate")


class LedgerCollector(Collector):
    """What waits between the gate and the database: the spool's bytes, and what the ledger daemon says of itself."""

    def __init__(self, spool: Path, heartbeat: Path) -> None:
        self._spool = spool
        self._heartbeat = heartbeat

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("mailcenter_ledger_spool_bytes", "Bytes in the spool, taken by the ledger or not.", self._bytes())
        try:
            said = json.loads(self._heartbeat.read_text())
            age = time.time() - self._heartbeat.stat().st_mtime
            lag, bad = float(said["lag_bytes"]), float(said["bad_files"])
        except (OSError, ValueError, KeyError, TypeError):
            return  # it has not begun; that it is ill, the platform's health says
        yield _gauge("mailcenter_ledger_lag_bytes", "Bytes of spool and logs that the ledger has not read.", lag)
        yield _gauge("mailcenter_ledger_bad_files", "Files with records that could not be read.", bad)
        yield _gauge("mailcenter_ledger_heartbeat_age_seconds", "Age of the ledger daemon's last sign of life.", age)

    def _bytes(self) -> float:
        total = 0
        with os.scandir(self._spool) as entries:
            for entry in entries:
                try:
                    total += entry.stat().st_size if entry.is_file() else 0
                except FileNotFoundError:
                    continue  # taken in this moment
        return float(total)


class Scrape:
    """Serves `GET /metrics`. `folder`: where all workers' figures lie."""

    def __init__(self, folder: Path, ledger: LedgerCollector) -> None:
        self._registry = CollectorRegistry()
        MultiProcessCollector(self._registry, str(folder))  # type: ignore[no-untyped-call]  # it has no types
        self._registry.register(ledger)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection."""
        connection = h11.Connection(h11.SERVER)
        try:
            async with asyncio.timeout(_SECONDS):
                request = await _request(connection, reader)
                body, status = b"", 404
                if request is not None and request.target.partition(b"?")[0] == b"/metrics":
                    body, status = await asyncio.to_thread(generate_latest, self._registry), 200
                for part in _answer(connection, status, body):
                    writer.write(part)
                await writer.drain()
        except (OSError, TimeoutError, h11.ProtocolError) as error:
            log.info("a question for figures was broken off: %s", error)
        finally:
            writer.close()


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)


async def _request(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Request):
            return event
        else:
            return None


def _answer(connection: h11.Connection, status: int, body: bytes) -> Iterator[bytes]:
    headers = [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body))), ("Connection", "close")]
    for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
        yield connection.send(event) or b""
