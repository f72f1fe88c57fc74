"""Stands in for sendmail(1) where Dovecot sends mail on behalf of a mailbox: Sieve redirect, vacation, reject.

Called as `submit.py SOCKET -i -f SENDER -- RECIPIENT...` with the mail on stdin. It speaks SMTP to Postfix over a unix
socket that only Dovecot's mail processes reach. Postfix's own sendmail is of no use here: for another user than root it
knows the host's instance alone. It runs without our packages (`python -I -S`), so that it starts quickly.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import smtplib
import socket
import sys

_SECONDS = 30.0


class _UnixSMTP(smtplib.SMTP):
    """SMTP over a unix socket, whose path is given as `host`."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(host)
        return connection


def main(arguments: list[str]) -> int:
    """Give an exit code of sysexits.h: 0 sent, 75 (EX_TEMPFAIL) not now; then Postfix keeps the mail that caused it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("-i", action="store_true")
    parser.add_argument("-f", dest="sender", default="")
    parser.add_argument("recipients", nargs="+")
    asked = parser.parse_args(arguments)
    mail = sys.stdin.buffer.read()
    sender = asked.sender.strip("<>")
    try:
        smtp = _UnixSMTP(asked.socket, local_hostname="localhost", timeout=_SECONDS)
        smtp.ehlo()
        options = ["SMTPUTF8"] if not (sender + "".join(asked.recipients)).isascii() else []
        refused = smtp.sendmail(sender, asked.recipients, mail, mail_options=options)
    except (OSError, smtplib.SMTPException) as error:
        print(f"not submitted: {error}", file=sys.stderr)  # noqa: T201 - Dovecot logs what stderr says
        return os.EX_TEMPFAIL
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()  # the mail is taken, or was not: however the goodbye goes, it is not sent again
    return os.EX_TEMPFAIL if refused else os.EX_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
