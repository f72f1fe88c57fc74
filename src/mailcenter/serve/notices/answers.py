"""Answers to reports of wrong refusals: each report is its own outbox, and each answer is sent once.

As with notices, an answer is `sending` from before Postfix gets it until its reply is known; one that stays so is known
to the ledger by its Message-ID, or it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from mailcenter.serve.notices.compose_answer import compose_answer
from mailcenter.serve.notices.outbox import NotNowError, RefusedError, submit
from mailcenter.settings.addresses import reference_url
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

MOST_TRIES: Final = 30
_LONGEST_WAIT: Final = 3600
_CLAIMED: Final = 5
_DOUBTFUL_AFTER: Final = timedelta(minutes=5)
_CLAIM: Final = """
    UPDATE directory_refusalreport SET mail_state = 'sending', mail_tries = mail_tries + 1,
        mail_due_at = clock_timestamp()
    WHERE id IN (
        SELECT id FROM directory_refusalreport WHERE mail_state = 'pending' AND mail_due_at <= clock_timestamp()
        ORDER BY mail_due_at LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING id, mail_tries, reference, reporter_name, reporter_email, answer, language, handled_at
"""

HandOver = Callable[[Path, str, bytes], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One that is to be sent now."""

    id: int
    tries: int
    reference: str
    name: str
    email: str
    text: str
    language: str
    given_at: datetime


class Answers:
    """`hand_over` gives a mail to Postfix."""

    def __init__(self, settings: Settings, *, hand_over: HandOver | None = None) -> None:
        self._settings = settings
        self._postfix = paths(settings).mailbox_submit_socket
        self._hand_over = hand_over or partial(submit, sender=f"postmaster@{settings.host_name}")

    def send(self, connection: Connection[Any]) -> tuple[int, str]:
        """Send what is due: how many were tried, and what went wrong last (empty where nothing did)."""
        error = ""
        claimed = [Answer(*row) for row in connection.execute(_CLAIM, (_CLAIMED,)).fetchall()]
        for answer in claimed:
            error = self._send(connection, answer) or error
        return len(claimed), error

    def settle_doubtful(self, connection: Connection[Any]) -> None:
        """Decide about those that a daemon was sending when it died."""
        rows = connection.execute(
            "SELECT id, handled_at FROM directory_refusalreport"
            " WHERE mail_state = 'sending' AND mail_due_at < clock_timestamp() - %s",
            (_DOUBTFUL_AFTER,),
        ).fetchall()
        for number, given_at in rows:
            known = connection.execute(
                "SELECT 1 FROM ledger_transaction WHERE message_id = %s LIMIT 1", (self.message_id(number, given_at),)
            ).fetchone()
            _note(connection, number, "sent" if known else "pending", "the ledger has it" if known else "", 0)

    def message_id(self, report: int, given_at: datetime) -> str:
        """The same at each try, by which the ledger knows it again; another for the next answer to the same report."""
        return f"<report.{report}.{round(given_at.timestamp())}@{self._settings.host_name}>"

    def _send(self, connection: Connection[Any], answer: Answer) -> str:
        content = compose_answer(
            name=answer.name,
            to=answer.email,
            text=answer.text,
            reference=answer.reference,
            language=answer.language or self._settings.language,
            link=f"{reference_url(self._settings)}{answer.reference}",
            host_name=self._settings.host_name,
            message_id=self.message_id(answer.id, answer.given_at),
            now=datetime.now(UTC),
        )
        try:
            _note(connection, answer.id, "sent", self._hand_over(self._postfix, answer.email, content), 0)
        except RefusedError as refusal:
            _note(connection, answer.id, "failed", str(refusal), 0)
        except NotNowError as reason:
            given_up = answer.tries >= MOST_TRIES
            pause = min(_LONGEST_WAIT, 2**answer.tries)
            _note(connection, answer.id, "failed" if given_up else "pending", str(reason), pause)
            return "" if given_up else f"the answer to report {answer.id} waits: {reason}"
        return ""


def _note(connection: Connection[Any], report: int, state: str, said: str, pause: int) -> None:
    connection.execute(
        "UPDATE directory_refusalreport SET mail_state = %s, mail_said = %s,"
        " mail_due_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
        (state, said[:500], pause, report),
    )
