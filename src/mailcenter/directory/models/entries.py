"""Entries of the lists that people keep: client networks (the operator's) and senders (everybody's own)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NetworkAction(models.TextChoices):
    """What becomes of connections from a network."""

    ALLOW = "allow", _("Always let through")
    REFUSE = "refuse", _("Always refuse")


class NetworkEntry(models.Model):
    """`network` is in CIDR form, normalised (`192.0.2.0/24`)."""

    network = models.CharField(max_length=43, unique=True)
    action = models.CharField(max_length=8, choices=NetworkAction.choices)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("network",)

    def __str__(self) -> str:
        return self.network


class SenderAction(models.TextChoices):
    """What becomes of mail from a sender (seeds 2 and 4)."""

    ALLOW = "allow", _("Allow")
    DENY = "deny", _("Refuse")


class SenderKind(models.TextChoices):
    """What `pattern` is compared with."""

    ADDRESS = "address", _("One address")
    DOMAIN = "domain", _("All of a domain")
    SUBDOMAINS = "subdomains", _("All of a domain and its subdomains")


class SenderEntry(models.Model):
    """For one mailbox, for all of a domain, or (both null) for the platform. `pattern`: lower case, A-label."""

    action = models.CharField(max_length=8, choices=SenderAction.choices)
    kind = models.CharField(max_length=12, choices=SenderKind.choices)
    pattern = models.CharField(max_length=320)
    domain = models.ForeignKey("directory.Domain", null=True, on_delete=models.CASCADE, related_name="sender_entries")
    mailbox = models.ForeignKey("directory.Mailbox", null=True, on_delete=models.CASCADE, related_name="sender_entries")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pattern", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("pattern", "kind", "domain", "mailbox"), name="directory_senderentry_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(domain__isnull=True) | models.Q(mailbox__isnull=True),
                name="directory_senderentry_owner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.pattern}"
