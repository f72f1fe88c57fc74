"""Postfix's health: it greets on the SMTP port and, over TLS, on the submissions port."""

from __future__ import annotations

from mailcenter.engines.base import Health
from mailcenter.engines.reach import reachable_address, tcp_greeting
from mailcenter.settings.model import Settings


def greeting(settings: Settings) -> Health:
    """Ask both ports from this machine, which postscreen lets through, and say goodbye in order."""
    host = reachable_address(settings)
    for port, over_tls in ((settings.listen.smtp, False), (settings.listen.submissions, True)):
        try:
            answer = tcp_greeting(host, port, goodbye=b"QUIT\r\n", over_tls=over_tls)
        except OSError as error:
            return Health(
                False, f"no greeting on port {port}: {error}", "look into postfix.log; `mailcenter up` starts it again"
            )
        if not answer.startswith("220"):
            return Health(False, f"port {port} greets with {answer!r}", "look into postfix.log")
    return Health(True, f"greets on ports {settings.listen.smtp} and {settings.listen.submissions}")
