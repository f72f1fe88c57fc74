"""Ends the running sessions of accounts, as `doveadm kick` does, and those that are silent for too long.

Dovecot's anvil knows the process of each. It runs as the mail user, whom those processes belong to; `doveadm` itself
would have to read all of Dovecot's secrets.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from contextlib import suppress
from typing import Any, ClassVar, Final

import psycopg

from mailcenter.serve.following import Follower
from mailcenter.serve.logins.anvil import ask_anvil, processes_of
from mailcenter.serve.logins.reads import from_text, started
from mailcenter.serve.logins.silence import Silence
from mailcenter.settings.identities import VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_WAIT: Final = 5.0

log = logging.getLogger("sessions")


class Sessions(Follower):
    """Takes accounts out of the directory's table and ends their sessions."""

    channel: ClassVar[str] = "sessions_end"
    longest_pause: ClassVar[float] = 5.0

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, name="sessions", user=VMAIL_USER)
        place = paths(settings)
        self._anvil = place.anvil_socket
        self._heartbeat = place.run("sessions") / "heartbeat"
        self._reads = place.session_reads
        self._reads_seen = 0
        idle = settings.sessions
        self._silence = Silence({"imap": idle.imap_idle, "sieve": idle.imap_idle, "pop3": idle.pop3_idle})

    def look(self, connection: psycopg.Connection[Any]) -> float:
        self._round(connection)
        self._end_silent()
        return _WAIT

    def failed(self, why: str) -> None:
        """Silent sessions are ended without the directory, too."""
        log.error("sessions are not ended: %s", why)
        self._end_silent()

    def _round(self, connection: psycopg.Connection[Any]) -> None:
        """The rows go only when their sessions have ended."""
        with connection.transaction():
            rows = connection.execute("DELETE FROM directory_sessionend RETURNING address").fetchall()
            addresses = {str(row[0]).lower() for row in rows}
            if addresses:
                for process in processes_of(ask_anvil(self._anvil), addresses):
                    _end(process)
                log.info("sessions of %d accounts are ended", len(addresses))
        self._heartbeat.touch()

    def _end_silent(self) -> None:
        """Where it is written anew what processes have read. Dovecot tells the client that it shuts down."""
        try:
            written = self._reads.stat().st_mtime_ns
            if written == self._reads_seen:
                return
            reads = from_text(self._reads.read_text())
        except FileNotFoundError:  # not written yet
            return
        except (OSError, ValueError) as error:
            log.error("silent sessions are not ended: %s", error)
            return
        self._reads_seen = written
        silent = self._silence.too_long(reads, time.monotonic())
        for one in silent:
            if started(one.process) == one.started:
                _end(one.process)
        if silent:
            log.info("%d silent sessions are ended", len(silent))


def _end(process: int) -> None:
    with suppress(ProcessLookupError):  # it has ended meanwhile
        os.kill(process, signal.SIGTERM)
