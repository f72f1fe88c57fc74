"""A password of one device or program of a mailbox owner."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AppPassword(models.Model):
    """Opens the services it names and nothing else; `digest` as `mailcenter.passwords.app_passwords` makes it."""

    mailbox = models.ForeignKey("directory.Mailbox", on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    services = ArrayField(models.CharField(max_length=16))
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    """Noted by the logins daemon, at most once a minute, as are the following."""
    last_used_service = models.CharField(max_length=16, blank=True, default="")
    last_used_address = models.CharField(max_length=45, blank=True, default="")
    last_used_country = models.CharField(max_length=2, blank=True, default="")
    """ISO 3166, where `guard.country_database` knows it."""
    last_used_program = models.CharField(max_length=200, blank=True, default="")
    """What an IMAP client says of itself before it logs in (RFC 2971)."""

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class SessionEnd(models.Model):
    """An account whose running sessions are to end now: taken away by the daemon that has ended them."""

    address = models.CharField(max_length=320)
    wanted_at = models.DateTimeField(auto_now_add=True)
