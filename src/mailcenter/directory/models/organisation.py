"""A customer: the tenant that everything else belongs to, with the limits of what he may have."""

from __future__ import annotations

from django.db import models


class Organisation(models.Model):
    """Owns domains and users. Nothing of one organisation is ever shown to another."""

    name = models.CharField(max_length=200, unique=True)
    reseller = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="customers")
    """The organisation whose resellers manage this one; null is the provider himself."""
    most_domains = models.IntegerField(null=True, blank=True)
    most_mailboxes = models.IntegerField(null=True, blank=True)
    most_aliases = models.IntegerField(null=True, blank=True)
    most_bytes = models.BigIntegerField(null=True, blank=True)
    """The most that it may have, with its customers' together; null is no limit. Bytes: the sum of the quotas given."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(most_domains__isnull=True) | models.Q(most_domains__gte=0),
                name="directory_organisation_most_domains",
            ),
            models.CheckConstraint(
                condition=models.Q(most_mailboxes__isnull=True) | models.Q(most_mailboxes__gte=0),
                name="directory_organisation_most_mailboxes",
            ),
            models.CheckConstraint(
                condition=models.Q(most_aliases__isnull=True) | models.Q(most_aliases__gte=0),
                name="directory_organisation_most_aliases",
            ),
            models.CheckConstraint(
                condition=models.Q(most_bytes__isnull=True) | models.Q(most_bytes__gte=0),
                name="directory_organisation_most_bytes",
            ),
        )

    def __str__(self) -> str:
        return self.name
