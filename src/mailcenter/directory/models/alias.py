"""An address whose mail goes on to other addresses."""

from __future__ import annotations

from django.db import models


class Alias(models.Model):
    """Has at least one destination."""

    domain = models.ForeignKey("directory.Domain", on_delete=models.CASCADE, related_name="aliases")
    local_part = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("domain__name", "local_part")
        constraints = (models.UniqueConstraint(fields=("domain", "local_part"), name="directory_alias_address"),)

    def __str__(self) -> str:
        return self.unicode_address

    @property
    def address(self) -> str:
        """With the domain as A-label: the form that is stored and compared."""
        return f"{self.local_part}@{self.domain.name}"

    @property
    def unicode_address(self) -> str:
        """With the domain as people write it."""
        return f"{self.local_part}@{self.domain.unicode_name}"


class AliasDestination(models.Model):
    """One address, here or elsewhere, that an alias delivers to."""

    alias = models.ForeignKey(Alias, on_delete=models.CASCADE, related_name="destinations")
    address = models.CharField(max_length=320, db_index=True)

    class Meta:
        ordering = ("address",)
        constraints = (models.UniqueConstraint(fields=("alias", "address"), name="directory_aliasdestination_once"),)

    def __str__(self) -> str:
        return self.address
