"""The gate's parent process: binds the socket, keeps the workers alive, stops them at SIGTERM."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from mailcenter.serve.gate.spool import hand_over_leftovers
from mailcenter.serve.gate.worker import Sockets, run_worker
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_BACKLOG: Final = 1024
_SOCKET_MODE: Final = 0o660
_SHORT_LIFE: Final = 2.0
_PAUSE: Final = 1.0
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)

log = logging.getLogger("gate")


class _Stopped(Exception):  # noqa: N818 - a signal, no error
    """SIGTERM or SIGINT came."""


class Parent:
    """Runs in the foreground under the supervisor."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: dict[int, float] = {}
        """Process id to the time of its start."""

    def run(self) -> None:
        """Until SIGTERM; a worker that ends by itself is replaced."""
        place = paths(self._settings)
        hand_over_leftovers(place.ledger_spool, self._settings.node)
        listening, control = bind(place.gate_socket), bind(place.gate_control_socket)
        metrics = bind(place.metrics_socket) if self._settings.metrics.enabled else None
        _forget_figures(place.metrics_folder)
        sockets = Sockets(listening, control, metrics)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        gc.collect()
        gc.freeze()  # what all workers share is never garbage: neither searched nor copied
        try:
            for _ in range(self._settings.gate.processes):
                self._start(sockets)
            while True:
                pid, status = os.wait()
                self._replace(pid, status, sockets)
        except _Stopped:
            log.info("stopping")
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            self._stop_workers()

    def _start(self, sockets: Sockets) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._workers[pid] = time.monotonic()
            return
        # The child must never return into the parent's code, whatever happens.
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            _end_with(parent)
            run_worker(self._settings, sockets)
            status = 0
        except BaseException:
            log.exception("worker failed")
        finally:
            logging.shutdown()
            sys.stdout.flush()
            os._exit(status)

    def _replace(self, pid: int, status: int, sockets: Sockets) -> None:
        started = self._workers.pop(pid, None)
        if started is None:
            return
        log.error("worker %d ended (%s), starting another", pid, os.waitstatus_to_exitcode(status))
        hand_over_leftovers(paths(self._settings).ledger_spool, self._settings.node, pid)
        if time.monotonic() - started < _SHORT_LIFE:
            time.sleep(_PAUSE)
        self._start(sockets)

    def _stop_workers(self) -> None:
        for pid in self._workers:
            os.kill(pid, signal.SIGTERM)
        for pid in list(self._workers):
            os.waitpid(pid, 0)
            hand_over_leftovers(paths(self._settings).ledger_spool, self._settings.node, pid)


def bind(path: Path) -> socket.socket:
    """A listening socket; its clients reach it through the group that it takes from its set-group-id folder."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    previous = os.umask(0o777 & ~_SOCKET_MODE)
    try:
        listening.bind(str(path))
    finally:
        os.umask(previous)
    listening.listen(_BACKLOG)
    listening.setblocking(False)
    return listening


def _forget_figures(folder: Path) -> None:
    """Those of an earlier gate: Prometheus sees that counting begins anew."""
    for file in folder.glob("*.db"):
        file.unlink()


def _end_with(parent: int) -> None:
    """Let the kernel send SIGTERM when the parent dies, however it does: nobody would know of a worker left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped
