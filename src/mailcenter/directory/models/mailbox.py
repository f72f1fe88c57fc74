"""A mailbox: an address with a place on a store and an owner who logs in."""

from __future__ import annotations

import uuid

from django.db import models

from mailcenter.directory.models.treatment import Treatment


class Mailbox(Treatment):
    """Its mail lies under `STORE/DOMAIN_ID/STORAGE_KEY`.

    So it can move between stores, and an address given anew starts empty.
    """

    domain = models.ForeignKey("directory.Domain", on_delete=models.CASCADE, related_name="mailboxes")
    local_part = models.CharField(max_length=64)
    user = models.OneToOneField("directory.User", on_delete=models.PROTECT, related_name="mailbox")
    display_name = models.CharField(max_length=200, blank=True)
    store = models.CharField(max_length=32)
    storage_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quota_bytes = models.BigIntegerField(default=0)
    """0 is unlimited."""
    is_active = models.BooleanField(default=True)
    """Takes mail and can be logged in to."""
    app_passwords_only = models.BooleanField(default=False)
    """Its owner's own password opens the control center only, mail programs need app passwords."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("domain__name", "local_part")
        constraints = (
            models.UniqueConstraint(fields=("domain", "local_part"), name="directory_mailbox_address"),
            models.CheckConstraint(condition=models.Q(quota_bytes__gte=0), name="directory_mailbox_quota"),
        )

    def __str__(self) -> str:
        return self.unicode_address

    @property
    def address(self) -> str:
        """With the domain as A-label: the form that is stored, compared and logged in with."""
        return f"{self.local_part}@{self.domain.name}"

    @property
    def unicode_address(self) -> str:
        """With the domain as people write it."""
        return f"{self.local_part}@{self.domain.unicode_name}"

    @property
    def used_bytes(self) -> int | None:
        """Bytes taken, where they are counted: in a mailbox that has a quota."""
        usage = getattr(self, "usage", None)
        return usage.used_bytes if usage and self.quota_bytes else None
