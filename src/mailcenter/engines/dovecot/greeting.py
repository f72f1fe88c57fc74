"""Dovecot's health: IMAP greets over TLS, and LMTP greets Postfix."""

from __future__ import annotations

from mailcenter.engines.base import Health
from mailcenter.engines.reach import reachable_address, tcp_greeting, unix_greeting
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def greeting(settings: Settings) -> Health:
    """Ask the way in for readers and the way in for mail."""
    port = settings.listen.imaps
    remedy = "look into dovecot.log; `mailcenter up` starts it again"
    try:
        imap = tcp_greeting(reachable_address(settings), port, goodbye=b"a LOGOUT\r\n", over_tls=True)
    except OSError as error:
        return Health(False, f"no IMAP greeting on port {port}: {error}", remedy)
    try:
        lmtp = unix_greeting(paths(settings).lmtp_socket, goodbye=b"QUIT\r\n")
    except OSError as error:
        return Health(False, f"LMTP does not answer: {error}", remedy)
    if not imap.startswith("* OK") or not lmtp.startswith("220"):
        return Health(False, f"greets with {imap!r} and {lmtp!r}", remedy)
    return Health(True, f"IMAP greets on port {port}, LMTP takes mail")
