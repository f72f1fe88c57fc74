"""How much room a mailbox takes, as Dovecot last counted it."""

from __future__ import annotations

from django.db import models


class MailboxUsage(models.Model):
    """Written by Dovecot alone, by way of `engine.dovecot_usage`; only for mailboxes that have a quota."""

    mailbox = models.OneToOneField(
        "directory.Mailbox", on_delete=models.CASCADE, primary_key=True, related_name="usage"
    )
    used_bytes = models.BigIntegerField()
    messages = models.BigIntegerField()
    counted_at = models.DateTimeField()
