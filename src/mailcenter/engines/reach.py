"""Ask a line-based service of ours whether it greets."""

from __future__ import annotations

import socket
import ssl
from ipaddress import ip_address
from pathlib import Path

from mailcenter.settings.model import Settings

SECONDS = 1.4
"""For one question; two of them stay under the 3 seconds of a health answer."""


def reachable_address(settings: Settings) -> str:
    """An address at which our own services answer: loopback where they listen on all, else the first one."""
    first = ip_address(settings.listen.addresses[0])
    if not first.is_unspecified:
        return str(first)
    return "127.0.0.1" if first.version == 4 else "::1"


def tcp_greeting(host: str, port: int, *, goodbye: bytes, over_tls: bool = False) -> str:
    """The first line that a service says; then we say `goodbye` and wait for its answer.

    Raises:
        OSError: nobody listens, the TLS handshake fails, or nothing is said in time.
    """
    with socket.create_connection((host, port), timeout=SECONDS) as connection:
        if not over_tls:
            return _first_line(connection, goodbye)
        # whether TLS is served is the question here; whether the certificate is good is asked elsewhere
        # (so no authorities are loaded, which would take longer than all else that the watch does)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(connection) as encrypted:
            return _first_line(encrypted, goodbye)


def unix_greeting(path: Path, *, goodbye: bytes) -> str:
    """The same over a unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(path))
        return _first_line(connection, goodbye)


def _first_line(connection: socket.socket, goodbye: bytes) -> str:
    with connection.makefile("rb") as lines:
        answer = lines.readline(1000).decode("utf-8", "replace").strip()
        connection.sendall(goodbye)
        lines.readline(1000)
        return answer
