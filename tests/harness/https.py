"""Ask the platform's web server under a customer's name, as a mail program does: certificate and name verified."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from tests.harness.clients import HOST
from tests.harness.platform import Platform


class _To(http.client.HTTPSConnection):
    """A connection to the platform that asks for another name, as by that name's DNS record."""

    def __init__(self, name: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(name, port, timeout=30, context=context)
        self._tls = context

    def connect(self) -> None:
        plain = socket.create_connection((HOST, self.port), timeout=30)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


@dataclass(frozen=True)
class Fetched:
    """An answer."""

    status: int
    content: bytes


def fetch(
    platform: Platform, name: str, path: str, *, body: bytes | None = None, authority: Path | None = None
) -> Fetched:
    """An answer under a name whose certificate was found good.

    Args:
        authority: whom the program trusts; the platform's own where none is given.

    Raises:
        OSError: no handshake, or no certificate of that authority for this name (ssl.SSLError).
    """
    context = ssl.create_default_context(cafile=str(authority or platform.paths.ca_certificate))
    connection = _To(name, platform.port("https"), context)
    try:
        connection.request("GET" if body is None else "POST", path, body=body, headers={"Host": name})
        answer = connection.getresponse()
        return Fetched(answer.status, answer.read())
    finally:
        connection.close()


def serves(platform: Platform, name: str, *, authority: Path | None = None) -> bool:
    """Whether there is a good certificate for the name now."""
    try:
        fetch(platform, name, "/mail/config-v1.1.xml", authority=authority)
    except OSError:
        return False
    return True
