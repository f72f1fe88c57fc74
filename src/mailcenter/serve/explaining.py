"""Ask the running gate what it would do with a mail; for the command line and the REST API."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 120.0
_READ: Final = 64 * 1024
_LONGEST_ANSWER: Final = 16 * 2**20


class ExplainError(Exception):
    """The gate gave no answer; `str()` says why. `field` names the value at fault, where one is."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def ask_gate(
    control_socket: Path,
    *,
    client: str,
    helo: str,
    mail_from: str,
    rcpt_to: Sequence[str],
    message: bytes,
    login: str = "",
) -> dict[str, Any]:
    """The explanation, as `serve.gate.explain.explain` gives it.

    Raises:
        ExplainError: a value cannot be used, or the gate does not answer.
    """
    try:
        ip_address(client)
    except ValueError:
        raise ExplainError(f"{client[:50]!r} is no IP address", "client") from None
    envelope = {
        "client": client,
        "helo": helo,
        "mail_from": mail_from,
        "rcpt_to": list(rcpt_to),
        "login": login,
        "size": len(message),
    }
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(SECONDS)
            connection.connect(str(control_socket))
            connection.sendall(json.dumps(envelope).encode() + b"\n" + message)
            answer = _all_of(connection)
    except OSError as error:
        raise ExplainError(f"the gate does not answer: {error}") from None
    try:
        said: dict[str, Any] = json.loads(answer)
    except ValueError:
        raise ExplainError("the gate ended before its answer") from None
    if "error" in said:
        raise ExplainError(str(said["error"]))
    return said


def _all_of(connection: socket.socket) -> bytes:
    answer = bytearray()
    while len(answer) < _LONGEST_ANSWER and (part := connection.recv(_READ)):
        answer += part
    return bytes(answer)
