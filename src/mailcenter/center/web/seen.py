"""Notes that a session is in use, so that it does not end as idle; not with a write for each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mailcenter.center.web.client import client_address
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import User, WebSession
from mailcenter.directory.sessions import SessionStore, end_of, idle_seconds

NOTED_EVERY: Final = 60
"""Seconds; less where a session may be idle for a few minutes only."""


class SeenMiddleware:
    """Stands after the authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and isinstance(request.session, SessionStore) and request.session.row:
            _note(request, request.user, request.session.row)
        return self.get_response(request)


def _note(request: HttpRequest, user: User, row: WebSession) -> None:
    now, idle = timezone.now(), idle_seconds(user.role)
    if (now - row.last_seen_at).total_seconds() < min(NOTED_EVERY, idle / 6):
        return
    with beyond_barrier():
        WebSession.objects.filter(pk=row.pk).update(
            last_seen_at=now, expire_date=end_of(row.begun_at, now, idle), address=client_address(request)
        )
