"""The loop of the notices daemon: wait for refusals, make notices of them, hand these to Postfix one by one."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import psycopg

from mailcenter.ledger.notices import KIND
from mailcenter.serve.heartbeat import EVERY, beat
from mailcenter.serve.notices import compose_password
from mailcenter.serve.notices.answers import Answers
from mailcenter.serve.notices.compose import LANGUAGES, compose
from mailcenter.serve.notices.compose_login import compose_login
from mailcenter.serve.notices.outbox import NotNowError, RefusedError, submit
from mailcenter.serve.notices.reminder import Reminder
from mailcenter.serve.notices.store import Notice, Store, connect
from mailcenter.serve.notices.weak_passwords import WeakPasswords
from mailcenter.settings.addresses import public_url, reference_url
from mailcenter.settings.identities import DATABASE, NOTICES_USER, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

WAIT: Final = 2.0
"""Seconds between two looks where nothing is heard of."""
_LONGEST_PAUSE: Final = 5.0
_SETTLE_EVERY: Final = 30.0
_TIDY_EVERY: Final = 3600.0
_KEPT_DAYS: Final = 30

Submit = Callable[[Path, str, bytes], str]


class Notices:
    """One notices daemon. `role` and `database` say how to log in; `hand_over` gives a mail to Postfix."""

    def __init__(
        self,
        settings: Settings,
        *,
        role: str = ROLE_OF_USER[NOTICES_USER],
        database: str = DATABASE,
        hand_over: Submit = submit,
    ) -> None:
        place = paths(settings)
        self._settings = settings
        self._login = (str(place.postgres_socket_dir), POSTGRES_PORT, database, role)
        self._postfix = place.mailbox_submit_socket
        self._heartbeat = place.run("notices") / "heartbeat"
        self._hand_over = hand_over
        self._answers = Answers(settings)
        self._reminder = Reminder(settings, hand_over=hand_over)
        self._weak_passwords = WeakPasswords(settings)
        self._stop = threading.Event()
        self._error = ""
        self._database_failed = False
        self._next_beat = self._next_settling = self._next_tidy = self._next_doubt = 0.0

    def stop(self) -> None:
        """End after the notice in hand."""
        self._stop.set()

    def run(self) -> None:
        """Until `stop`; what fails is tried again."""
        pause = 0.2
        while not self._stop.is_set():
            try:
                with connect(*self._login) as connection:
                    store = self._store(connection)
                    store.listen()
                    while not self._stop.is_set():
                        more = self.round(store)
                        if not self._answer(connection) and not more:
                            store.wait(WAIT)
                        pause = 0.2
            except psycopg.Error as error:
                self._database_failed = True
                self._note(f"{type(error).__name__}: {str(error).strip()}")
                self._beat()
                self._stop.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def round(self, store: Store) -> bool:
        """Take what is wanted, send what is due. Tells whether there may be more at once."""
        now = time.monotonic()
        if now >= self._next_settling:
            store.settle_doubtful()
            self._next_settling = now + _SETTLE_EVERY
        if now >= self._next_tidy:
            store.tidy(_KEPT_DAYS)
            self._next_tidy = now + _TIDY_EVERY
        taken = store.take()
        claimed = store.claim()
        error = ""
        for notice in claimed:
            error = self._send(store, notice) or error
        if claimed or self._database_failed:
            self._database_failed = False
            self._note(error)
        self._beat()
        return bool(taken or claimed) and not error

    def _answer(self, connection: psycopg.Connection[object]) -> bool:
        """Send the answers to reports that are due. Tells whether there may be more at once."""
        now = time.monotonic()
        if now >= self._next_doubt:
            self._answers.settle_doubtful(connection)
            self._next_doubt = now + _SETTLE_EVERY
        if missed := self._reminder.look_now_and_then(connection):
            self._note(missed)
        self._weak_passwords.look_now_and_then(connection)
        tried, error = self._answers.send(connection)
        if tried:
            self._note(error)
        return tried > 0 and not error

    def _store(self, connection: psycopg.Connection[object]) -> Store:
        notices = self._settings.notices
        return Store(
            connection,
            host_name=self._settings.host_name,
            default=notices.enabled,
            most_per_day=notices.most_per_day,
        )

    def _send(self, store: Store, notice: Notice) -> str:
        """Gives what went wrong, empty where nothing did."""
        language = notice.language if notice.language in LANGUAGES else self._settings.language
        compose_it: Callable[..., bytes] = compose
        link = f"{reference_url(self._settings)}{notice.details.get('reference', '')}"
        if notice.kind == compose_password.KIND:
            compose_it = compose_password.compose_password
            link = f"{public_url(self._settings)}/profile/password"
        elif notice.kind != KIND:
            compose_it, link = partial(compose_login, kind=notice.kind), f"{public_url(self._settings)}/logins"
        content = compose_it(
            notice.details,
            language=language,
            to=notice.shown,
            host_name=self._settings.host_name,
            message_id=store.message_id(notice.id),
            now=datetime.now(UTC),
            help_link=link,
        )
        try:
            store.sent(notice.id, self._hand_over(self._postfix, notice.deliver_to, content))
        except RefusedError as refusal:
            store.failed(notice.id, str(refusal))
            return f"notice {notice.id} was refused: {refusal}"
        except NotNowError as reason:
            store.later(notice, str(reason))
            return f"notice {notice.id} waits: {reason}"
        return ""

    def _note(self, error: str) -> None:
        """Say an error once on stderr, which the supervisor keeps."""
        if error and error != self._error:
            print(error, file=sys.stderr, flush=True)  # noqa: T201 - the daemon's own log
        self._error = error

    def _beat(self) -> None:
        now = time.monotonic()
        if now < self._next_beat:
            return
        self._next_beat = now + EVERY
        beat(self._heartbeat, error=self._error)
