"""Talk to our supervisord: XML-RPC over its unix socket."""

from __future__ import annotations

import socket
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from mailcenter.engines.base import EngineError
from mailcenter.engines.supervisor.configuration import socket_file
from mailcenter.settings.model import Settings

_ANSWER_SECONDS = 60.0  # stopping a process waits for its end

# http://supervisord.org/api.html and supervisor/xmlrpc.py
_ALREADY_STARTED = 60
_NOT_RUNNING = 70


class NotRunningError(EngineError):
    """There is no supervisor of this state that answers."""


@dataclass(frozen=True)
class Process:
    """What the supervisor knows of a program; `uptime` in seconds, 0 when it does not run."""

    name: str
    state: str
    pid: int
    uptime: int
    error: str


class _Connection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.timeout)
        try:
            connection.connect(self._path)
        except OSError:
            connection.close()
            raise
        self.sock = connection


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: object) -> HTTPConnection:
        # Kept where Transport.close() finds it, else the socket would stay open.
        connection = _Connection(self._path)
        self._connection = ("localhost", connection)
        return connection


class Supervisor:
    """The supervisor of one state directory. Every method raises NotRunningError where it does not answer."""

    def __init__(self, settings: Settings) -> None:
        path = str(socket_file(settings))
        self._proxy = xmlrpc.client.ServerProxy("http://localhost", transport=_Transport(path))

    def answers(self) -> bool:
        try:
            self._call("supervisor.getState")
        except EngineError:
            return False
        return True

    def pid(self) -> int:
        return int(self._call("supervisor.getPID"))

    def processes(self) -> dict[str, Process]:
        """All programs of its configuration by name."""
        with _tolerated():
            rows = self._call("supervisor.getAllProcessInfo")
        return {
            row["name"]: Process(
                name=row["name"],
                state=row["statename"],
                pid=row["pid"],
                uptime=max(0, row["now"] - row["start"]) if row["pid"] else 0,
                error=row["spawnerr"],
            )
            for row in rows
        }

    def start(self, name: str) -> None:
        """Start a program, without waiting until it has settled."""
        with _tolerated(_ALREADY_STARTED):
            self._call("supervisor.startProcess", name, False)

    def stop(self, name: str) -> None:
        """Stop a program and wait for its end."""
        with _tolerated(_NOT_RUNNING):
            self._call("supervisor.stopProcess", name, True)

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def take_configuration(self) -> tuple[list[str], list[str]]:
        """Read the configuration file anew; programs no longer in it, or changed in it, are stopped.

        Returns:
            names of the changed programs (stopped, to be started again) and of the removed ones.
        """
        with _tolerated():
            added, changed, removed = self._call("supervisor.reloadConfig")[0]
            for name in [*changed, *removed]:
                self._call("supervisor.stopProcessGroup", name, True)
                self._call("supervisor.removeProcessGroup", name)
            for name in [*added, *changed]:
                self._call("supervisor.addProcessGroup", name)
        return changed, removed

    def shut_down(self) -> None:
        """Stop all programs, the last started first, and end; returns at once."""
        self._call("supervisor.shutdown")

    def _call(self, method: str, *arguments: Any) -> Any:
        function: Callable[..., Any] = self._proxy
        for part in method.split("."):
            function = getattr(function, part)
        try:
            return function(*arguments)
        except xmlrpc.client.Fault:
            raise
        except (OSError, HTTPException, xmlrpc.client.ProtocolError) as error:
            raise NotRunningError(
                f"the supervisor does not answer ({error})", "start the platform with `mailcenter up`"
            ) from None
        finally:
            self._proxy("close")()


@contextmanager
def _tolerated(*codes: int) -> Iterator[None]:
    try:
        yield
    except xmlrpc.client.Fault as fault:
        if fault.faultCode not in codes:
            raise EngineError(f"the supervisor refused: {fault.faultString}") from None
