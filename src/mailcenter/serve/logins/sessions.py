"""Ends the running sessions of accounts, as `doveadm kick` does: Dovecot's anvil knows the process of each.

It runs as the mail user, whom those processes belong to; `doveadm` itself would have to read all of Dovecot's secrets.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from mailcenter.settings.identities import DATABASE, POSTGRES_PORT, ROLE_OF_USER, VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

CHANNEL: Final = "sessions_end"
_WAIT: Final = 5.0
_ANVIL_SECONDS: Final = 5.0
_LONGEST_PAUSE: Final = 5.0
_QUESTION: Final = b"VERSION\tanvil\t1\t0\nCONNECT-DUMP\n"

log = logging.getLogger("sessions")


class Sessions:
    """Takes accounts out of the directory's table and ends their sessions."""

    def __init__(self, settings: Settings) -> None:
        place = paths(settings)
        role = ROLE_OF_USER[VMAIL_USER]
        self._login = (
            f"host={place.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user={role} connect_timeout=5"
        )
        self._anvil = place.anvil_socket
        self._heartbeat = place.run("sessions") / "heartbeat"
        self._stop = threading.Event()

    def stop(self) -> None:
        """End after the account in hand."""
        self._stop.set()

    def run(self) -> None:
        """Until `stop`; what fails is tried again."""
        pause = 0.2
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._login, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}".encode())
                    while not self._stop.is_set():
                        self._round(connection)
                        pause = 0.2
                        for _ in connection.notifies(timeout=_WAIT, stop_after=1):
                            break
            except (psycopg.Error, OSError) as error:
                log.error("sessions are not ended: %s", str(error).strip().partition("\n")[0])
                self._stop.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _round(self, connection: psycopg.Connection[Any]) -> None:
        """The rows go only when their sessions have ended."""
        with connection.transaction():
            rows = connection.execute("DELETE FROM directory_sessionend RETURNING address").fetchall()
            addresses = {str(row[0]).lower() for row in rows}
            if addresses:
                for process in processes_of(ask_anvil(self._anvil), addresses):
                    with suppress(ProcessLookupError):  # it has ended meanwhile
                        os.kill(process, signal.SIGTERM)
                log.info("sessions of %d accounts are ended", len(addresses))
        self._heartbeat.touch()


def ask_anvil(path: Path) -> str:
    """Every session that Dovecot knows of, one a line. Raises OSError."""
    with closing(socket.socket(socket.AF_UNIX)) as anvil:
        anvil.settimeout(_ANVIL_SECONDS)
        anvil.connect(str(path))
        anvil.sendall(_QUESTION)
        answer = b""
        while not answer.endswith(b"\n\n") and answer != b"\n":
            part = anvil.recv(65536)
            if not part:
                raise OSError("anvil closed the connection")
            answer += part
    return answer.decode("utf-8", "replace")


def processes_of(answer: str, addresses: set[str]) -> set[int]:
    """The processes that serve these accounts and nobody else: their numbers."""
    served: dict[int, set[str]] = {}
    for line in answer.splitlines():
        ident, _, rest = line.partition("\t")
        parts = ident.split("/", 2)
        process = rest.partition("\t")[0]
        if len(parts) == 3 and process.isdecimal():
            served.setdefault(int(process), set()).add(parts[2].lower())
    return {process for process, users in served.items() if users <= addresses}
