"""The notices daemon's side of the database: who is to be told becomes notices, and each notice is sent once.

A notice is `sending` from before it is handed to Postfix until the answer is known. One that stays so was in the hands
of a daemon that died: whether Postfix had taken it, the ledger knows by its Message-ID.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb

from mailcenter.ledger.notices import KIND
from mailcenter.serve.following import wait_for_word
from mailcenter.serve.notices.targets import readers

CHANNEL: Final = "notice_wanted"
MOST_TRIES: Final = 12
_TAKEN: Final = 200
_CLAIMED: Final = 5
_DOUBTFUL_AFTER: Final = timedelta(minutes=5)
"""Longer than a live daemon works on what it claimed, and than the ledger takes to see what Postfix took."""

_INSERT: Final = """
    INSERT INTO ledger_notice (mailbox_id, sender, day, kind, reference, details)
    SELECT %(mailbox)s, %(sender)s, %(day)s, %(kind)s, %(reference)s, %(wanted)s
    WHERE (SELECT count(*) FROM ledger_notice
           WHERE mailbox_id = %(mailbox)s AND day = %(day)s AND kind = %(kind)s) < %(most)s
    ON CONFLICT DO NOTHING
"""
_CLAIM: Final = """
    UPDATE ledger_notice SET state = 'sending', tries = tries + 1, changed_at = now()
    WHERE id IN (
        SELECT id FROM ledger_notice WHERE state = 'pending' AND due_at <= now()
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING id, mailbox_id, tries, kind, details::text
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """One that is to be sent now. `details` as `ledger.notices.wanted_notices` gives them, or `engine.tell_owner`."""

    id: int
    tries: int
    deliver_to: str
    shown: str
    language: str
    kind: str
    details: dict[str, Any]


class Store:
    """One connection. After any `psycopg.Error`, make a new one."""

    def __init__(self, connection: Connection[Any], *, host_name: str, default: bool, most_per_day: int) -> None:
        self._connection = connection
        self._host_name = host_name
        self._default = default
        self._most = most_per_day

    def message_id(self, notice: int) -> str:
        """The same at each try, by which the ledger knows it again."""
        return f"<notice.{notice}@{self._host_name}>"

    def listen(self) -> None:
        """From now on, hear of new refusals at once."""
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> None:
        """Until something is wanted, at most so long."""
        wait_for_word(self._connection, seconds)

    def take(self) -> int:
        """Make notices of what the ledger daemon has handed on; gives how many recipients were looked at."""
        with self._connection.transaction():
            rows = self._connection.execute(
                "DELETE FROM ledger_notice_wanted WHERE id IN (SELECT id FROM ledger_notice_wanted"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id, wanted::text",
                (_TAKEN,),
            ).fetchall()
            for _, wanted in sorted(rows, key=lambda row: int(row[0])):
                self._add(json.loads(wanted))
        return len(rows)

    def _add(self, wanted: dict[str, Any]) -> None:
        own = wanted["mailbox_id"]
        mailboxes = [own] if own else readers(wanted["address"], self._mailboxes, self._destinations)
        for mailbox in mailboxes:
            if not self._wants(mailbox):
                continue
            self._connection.execute(
                _INSERT,
                {
                    "mailbox": mailbox,
                    "sender": wanted["sender"],
                    "day": datetime.fromisoformat(wanted["started_at"]).astimezone(UTC).date(),
                    "kind": KIND,
                    "reference": wanted["reference"],
                    "wanted": Jsonb(wanted),
                    "most": self._most,
                },
            )

    def _wants(self, mailbox: int) -> bool:
        row = self._connection.execute(
            "SELECT notices FROM engine.notice_reader WHERE mailbox_id = %s LIMIT 1", (mailbox,)
        ).fetchone()
        if row is None:
            return False  # switched off or gone meanwhile
        return self._default if row[0] is None else bool(row[0])

    def _mailboxes(self, address: str) -> list[int]:
        found = self._connection.execute(
            "SELECT DISTINCT mailbox_id FROM engine.notice_reader WHERE address = %s", (address,)
        )
        return [row[0] for row in found.fetchall()]

    def _destinations(self, address: str) -> list[str]:
        found = self._connection.execute("SELECT destination FROM engine.postfix_alias WHERE address = %s", (address,))
        return [row[0] for row in found.fetchall()]

    def claim(self) -> list[Notice]:
        """The next notices to send, noted as being sent; those of mailboxes that are no more are given up."""
        notices = []
        for number, mailbox, tries, kind, details in self._connection.execute(_CLAIM, (_CLAIMED,)).fetchall():
            row = self._connection.execute(
                "SELECT deliver_to, shown, language FROM engine.notice_reader WHERE mailbox_id = %s LIMIT 1", (mailbox,)
            ).fetchone()
            if row is None:
                self.failed(number, "the mailbox takes no mail")
            else:
                notices.append(Notice(number, tries, row[0], row[1], row[2], kind, json.loads(details)))
        return notices

    def sent(self, notice: int, answer: str) -> None:
        """Postfix has it."""
        self._end(notice, "sent", answer)

    def failed(self, notice: int, answer: str) -> None:
        """It is not tried again."""
        self._end(notice, "failed", answer)

    def later(self, notice: Notice, answer: str) -> None:
        """Try again, after a pause that doubles; in the end give up."""
        if notice.tries >= MOST_TRIES:
            self.failed(notice.id, answer)
            return
        self._connection.execute(
            "UPDATE ledger_notice SET state = 'pending', due_at = now() + make_interval(secs => %s), answer = %s,"
            " changed_at = now() WHERE id = %s",
            (min(3600, 2**notice.tries), answer[:500], notice.id),
        )

    def _end(self, notice: int, state: str, answer: str) -> None:
        self._connection.execute(
            "UPDATE ledger_notice SET state = %s, answer = %s, changed_at = now() WHERE id = %s",
            (state, answer[:500], notice),
        )

    def settle_doubtful(self) -> None:
        """Decide about notices that a daemon was sending when it died: the ledger has them, or they are sent again."""
        rows = self._connection.execute(
            "SELECT id FROM ledger_notice WHERE state = 'sending' AND changed_at < now() - %s", (_DOUBTFUL_AFTER,)
        ).fetchall()
        for (number,) in rows:
            known = self._connection.execute(
                "SELECT 1 FROM ledger_transaction WHERE message_id = %s LIMIT 1", (self.message_id(number),)
            ).fetchone()
            if known:
                self.sent(number, "the ledger has it")
            else:
                self._connection.execute("UPDATE ledger_notice SET state = 'pending' WHERE id = %s", (number,))

    def tidy(self, days: int) -> None:
        """Forget what is older."""
        self._connection.execute("DELETE FROM ledger_notice WHERE day < current_date - %s::int", (days,))


def connect(host: str, port: int, database: str, role: str) -> Connection[Any]:
    """A connection that never waits for ever.

    Raises:
        psycopg.OperationalError: PostgreSQL does not answer.
    """
    return psycopg.connect(
        host=host,
        port=port,
        dbname=database,
        user=role,
        autocommit=True,
        connect_timeout=5,
        application_name="mailcenter notices",
        options="-c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC",
    )
