"""Ask the guard, which keeps the lockouts, over its unix socket."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, Final

from mailcenter.settings.load import load, paths

_SECONDS: Final = 3.0
_LONGEST_ANSWER: Final = 2**20


class GuardError(Exception):
    """The guard does not answer; `str()` is for the log."""


class _UnixConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


def ask_guard(method: str, path: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
    """The guard's answer to a question.

    Raises:
        GuardError: no answer, or one that says that the guard cannot tell.
    """
    connection = _UnixConnection(str(paths(load()).guard_socket), timeout=_SECONDS)
    try:
        connection.request(method, path, body=json.dumps(said or {}), headers={"Host": "guard"})
        answer = connection.getresponse()
        told = json.loads(answer.read(_LONGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise GuardError(f"{type(error).__name__}: {error}") from None
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK or not isinstance(told, dict):
        raise GuardError(f"status {answer.status}: {told}")
    return told
