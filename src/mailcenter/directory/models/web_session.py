"""Sessions in the control center, each with its user and what he may recognise it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from mailcenter.directory.sessions import SessionStore


class WebSession(AbstractBaseSession):
    """Kept by `mailcenter.directory.sessions`. Before the login it is nobody's."""

    user = models.ForeignKey("directory.User", null=True, on_delete=models.CASCADE, related_name="web_sessions")
    number = models.BigIntegerField(unique=True, editable=False)
    """By which pages name it: the session's key is as good as a password and is never shown."""
    begun_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-last_seen_at",)

    def __str__(self) -> str:
        return f"session {self.number}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from mailcenter.directory.sessions import SessionStore  # which keeps rows of this model

        return SessionStore
