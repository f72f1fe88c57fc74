"""Who changed what, when, and by which door."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Via(models.TextChoices):
    """The doors to the actions."""

    WEB = "web", _("Control center")
    API = "api", _("REST API")
    CLI = "cli", _("Command line")
    SYSTEM = "system", _("System")


class AuditEntry(models.Model):
    """Written by each action in its own database transaction and never changed, so it outlives what it speaks of.

    The ids are kept without a constraint: they stay true after the user or the organisation is gone.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    acting_user = models.ForeignKey(
        "directory.User", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    acting_login = models.CharField(max_length=320, blank=True)
    behind_user = models.ForeignKey(
        "directory.User", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    behind_login = models.CharField(max_length=320, blank=True, default="")
    """Who really sat there, where `acting_user` was a customer that somebody of the provider was signed in as."""
    via = models.CharField(max_length=8, choices=Via.choices)
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    object_name = models.CharField(max_length=320)
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    domain_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    """Whom it concerns, as far as it can be said, for those who may read of some domains or of one mailbox only."""
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("organisation", "-at"), name="directory_audit_tenant"),
            models.Index(fields=("mailbox_id", "-at"), name="directory_audit_mailbox"),
            models.Index(fields=("domain_id", "-at"), name="directory_audit_domain"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.object_name}"
