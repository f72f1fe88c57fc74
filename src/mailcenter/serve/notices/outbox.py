"""Hand a mail to Postfix, over the unix socket for mail that the platform itself makes."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from pathlib import Path
from typing import Final

_SECONDS: Final = 30.0


class RefusedError(Exception):
    """Postfix will never take it; `str()` is its answer."""


class NotNowError(Exception):
    """Postfix did not take it now; `str()` says why."""


class _UnixSMTP(smtplib.SMTP):
    """SMTP over a unix socket, whose path is given as `host`."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(host)
        return connection


def submit(path: Path, recipient: str, content: bytes, *, sender: str = "") -> str:
    """Give Postfix's answer, which bears the queue id. The null reverse-path is for notices: nobody answers them.

    Raises:
        RefusedError: 5xx.
        NotNowError: anything else.
    """
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _UnixSMTP(str(path), local_hostname="localhost", timeout=_SECONDS)
        smtp.ehlo()
        options = () if recipient.isascii() else ("SMTPUTF8",)
        _taken(*smtp.mail(sender, options))
        _taken(*smtp.rcpt(recipient))
        answer = _taken(*smtp.data(content))
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        raise _refusal(error.smtp_code, said if isinstance(said, bytes) else said.encode()) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotNowError(f"{type(error).__name__}: {error}") from None
    finally:
        if smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()  # however the goodbye goes: what is taken is taken
            smtp.close()
    return answer


def _taken(code: int, answer: bytes) -> str:
    if code >= 400:
        raise _refusal(code, answer)
    return answer.decode("utf-8", "replace")


def _refusal(code: int, answer: bytes) -> Exception:
    text = f"{code} {answer.decode('utf-8', 'replace')}"
    return RefusedError(text) if code >= 500 else NotNowError(text)
