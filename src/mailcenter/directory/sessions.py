"""Where sessions of the center are kept: Django's database sessions, with their user in a column of its own."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import User, WebSession
from mailcenter.settings.model import RoleName

BEGUN, ADDRESS, AGENT, IDLE = "begun", "address", "user_agent", "idle_seconds"
"""Names in the session's data of what is written into the columns."""


class SessionStore(DatabaseStore):
    """Named by Django's setting SESSION_ENGINE."""

    row: WebSession | None = None
    """As it was read, where there was one."""

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        """The table."""
        return WebSession

    def exists(self, session_key: str) -> bool:
        """Whether there is such a session, whoever asks: who he is, only the session says."""
        with beyond_barrier():
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        """Write it down."""
        with beyond_barrier():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        with beyond_barrier():
            super().delete(session_key)

    def _get_session_from_db(self) -> WebSession | None:
        with beyond_barrier():
            self.row = super()._get_session_from_db()  # type: ignore[misc] # the stubs leave it out
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        """The row to be saved. It ends when it is idle for too long, and at the latest some hours after it began."""
        now = timezone.now()
        begun = datetime.fromtimestamp(data[BEGUN], UTC) if BEGUN in data else now
        key = self._get_or_create_session_key()  # type: ignore[attr-defined] # the stubs leave it out
        return WebSession(
            session_key=key,
            number=number_of(key),
            session_data=self.encode(data),
            user_id=int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            begun_at=begun,
            last_seen_at=now,
            expire_date=end_of(begun, now, data.get(IDLE)),
            address=data.get(ADDRESS, ""),
            user_agent=data.get(AGENT, ""),
        )


def number_of(session_key: str) -> int:
    """A number that names a session and tells nothing of its key."""
    return int.from_bytes(hashlib.sha256(session_key.encode()).digest()[:6], "big")


def end_of(begun: datetime, seen: datetime, idle_seconds: int | None) -> datetime:
    """When a session ends if nothing more comes."""
    latest = begun + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return latest if idle_seconds is None else min(latest, seen + timedelta(seconds=idle_seconds))


def idle_seconds(role: str) -> int:
    """How long a session of this role may be idle."""
    minutes: int = settings.MAILCENTER.web.idle_minutes[cast("RoleName", role)]
    return 60 * minutes


def forget_sessions(user: User, *, but: int = 0) -> int:
    """End a user's sessions except the one of this number; how many ended."""
    ended, _each = WebSession.objects.filter(user=user).exclude(number=but).delete()
    return ended


def forget_ended() -> None:
    """Remove the rows of all sessions that are over."""
    with beyond_barrier():
        WebSession.objects.filter(expire_date__lte=timezone.now()).delete()
