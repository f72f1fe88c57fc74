"""Tells operators, at most once a day, that new reports of wrong refusals wait for an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from mailcenter.serve.notices.outbox import NotNowError, RefusedError
from mailcenter.settings.addresses import public_url
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

EVERY: Final = 60.0
"""Seconds between two looks."""

_NEW: Final = """
    SELECT count(*) FROM directory_refusalreport WHERE status = 'open' AND created_at >
        coalesce((SELECT max(sent_at) FROM ledger_report_reminder), '-infinity')
"""
_CLAIM: Final = "INSERT INTO ledger_report_reminder (day) VALUES (%s) ON CONFLICT DO NOTHING RETURNING day"
_SENT: Final = "UPDATE ledger_report_reminder SET sent_at = clock_timestamp() WHERE day = %s"
_GIVE_BACK: Final = "DELETE FROM ledger_report_reminder WHERE day = %s"
_SUBJECT: Final = {"de": "Neue Meldungen: {count}", "en": "New reports: {count}"}
_TEXT: Final = {
    "de": """\
Guten Tag,

Postmaster anderer Server haben gemeldet, dass E-Mails zu Unrecht abgewiesen wurden.
Neue Meldungen, die auf eine Antwort warten: {count}

{link}

Diese Nachricht kommt höchstens einmal am Tag (Einstellung reports.told).
""",
    "en": """\
Hello,

postmasters of other servers have reported that mail was refused wrongly.
New reports that wait for an answer: {count}

{link}

This message comes once a day at the most (setting reports.told).
""",
}

HandOver = Callable[[Path, str, bytes], str]


class Reminder:
    """`hand_over` gives a mail to Postfix; `now` is UTC."""

    def __init__(
        self, settings: Settings, *, hand_over: HandOver, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._settings = settings
        self._postfix = paths(settings).mailbox_submit_socket
        self._hand_over = hand_over
        self._now = now
        self._next = 0.0

    def look_now_and_then(self, connection: Connection[Any]) -> str:
        """`look`, at most once in `EVERY` seconds."""
        if time.monotonic() < self._next:
            return ""
        self._next = time.monotonic() + EVERY
        return self.look(connection)

    def look(self, connection: Connection[Any]) -> str:
        """Tell of new reports where there are some and nobody was told today; gives what went wrong, or nothing."""
        if not self._settings.reports.told:
            return ""
        row = connection.execute(_NEW).fetchone()
        count, today = row[0] if row else 0, self._now().date()
        if not count or connection.execute(_CLAIM, (today,)).fetchone() is None:
            return ""
        told, error = False, ""
        for address in self._settings.reports.told:
            try:
                self._hand_over(self._postfix, address, self._mail(address, count))
                told = True
            except (NotNowError, RefusedError) as reason:
                error = f"{address} could not be told of new reports: {reason}"
        connection.execute(_SENT if told else _GIVE_BACK, (today,))
        return error

    def _mail(self, to: str, count: int) -> bytes:
        language, host_name = self._settings.language, self._settings.host_name
        now = self._now()
        message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
        message["From"] = Address("Mailcenter", "postmaster", host_name)
        message["To"] = to
        message["Subject"] = _SUBJECT[language].format(count=count)
        message["Date"] = now
        message["Message-ID"] = f"<reports.{now:%Y%m%d.%H%M%S}@{host_name}>"
        message["Auto-Submitted"] = "auto-generated"
        text = _TEXT[language].format(count=count, link=f"{public_url(self._settings)}/reports")
        message.set_content(text, charset="utf-8", cte="quoted-printable")
        message["Content-Language"] = language
        return message.as_bytes()
