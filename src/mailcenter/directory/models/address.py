"""Every local address in every spelling, once: what makes a mailbox and an alias of one address exclude each other."""

from __future__ import annotations

from django.db import models


class Address(models.Model):
    """Filled by triggers on mailboxes and aliases only: one row for the A-label and one for the U-label form.

    Its primary key is the index behind the views that Postfix, Dovecot and the gate ask for each recipient.
    """

    address = models.CharField(max_length=320, primary_key=True)
    domain = models.ForeignKey("directory.Domain", on_delete=models.DO_NOTHING, related_name="+")
    mailbox = models.ForeignKey("directory.Mailbox", null=True, on_delete=models.DO_NOTHING, related_name="+")
    alias = models.ForeignKey("directory.Alias", null=True, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mailbox__isnull=True) ^ models.Q(alias__isnull=True),
                name="directory_address_one_owner",
            ),
        )

    def __str__(self) -> str:
        return self.address
