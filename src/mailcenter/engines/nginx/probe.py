"""Ask a web server over TLS, on a given address, whether a page is there."""

from __future__ import annotations

import http.client
import socket
import ssl
from ipaddress import ip_address

from mailcenter.engines.plain import HEALTH_SECONDS


class ProbeError(Exception):
    """No answer came."""


class _Connection(http.client.HTTPSConnection):
    def __init__(self, address: str, port: int, host: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=HEALTH_SECONDS, context=context)
        self._where = (address, port)
        self._tls = context

    def connect(self) -> None:
        plain = socket.create_connection(self._where, timeout=HEALTH_SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def head(address: str, port: int, host: str, path: str) -> int:
    """The status code of a HEAD request.

    The certificate is not judged here (`tls` does); "0.0.0.0" and "::" are asked on loopback.

    Raises:
        ProbeError: nobody answers, or not in HTTP over TLS.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without the system's authorities, whose loading takes 50 ms
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    parsed = ip_address(address)
    target = ("127.0.0.1" if parsed.version == 4 else "::1") if parsed.is_unspecified else address
    connection = _Connection(target, port, host, context)
    try:
        connection.request("HEAD", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise ProbeError(str(error) or type(error).__name__) from None
    finally:
        connection.close()
