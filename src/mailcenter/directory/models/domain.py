"""A mail domain of an organisation."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from mailcenter.directory.models.treatment import Treatment


class EncryptedArchives(models.TextChoices):
    """What becomes of archives that no scanner can look into."""

    ACCEPT = "accept", _("Accept")
    REFUSE = "refuse", _("Refuse")


class Domain(Treatment):
    """`name` is in lower case with A-labels (RFC 5890), `unicode_name` is for people; neither ever changes."""

    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="domains")
    name = models.CharField(max_length=253, unique=True)
    unicode_name = models.CharField(max_length=253, unique=True)
    is_active = models.BooleanField(default=True)
    catch_all = models.CharField(max_length=320, null=True, blank=True)
    blocked_extensions = ArrayField(models.CharField(max_length=16), null=True, blank=True)
    """Of attachments, without the dot, in lower case; null is the platform's list (seed 4)."""
    encrypted_archives = models.CharField(max_length=8, choices=EncryptedArchives.choices, null=True, blank=True)
    """Null: as the platform says (rule `attachments`)."""
    app_passwords_only = models.BooleanField(default=False)
    """As in `Mailbox`, for all of the domain."""
    password_minimum = models.SmallIntegerField(null=True, blank=True)
    """Lowest strength of passwords, 0 to 4; null: `passwords.minimum_score`."""
    password_deadline = models.DateField(null=True, blank=True)
    """Last day on which weak passwords still work; null: `passwords.deadline`."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.unicode_name
