"""A customer: the tenant that everything else belongs to."""

from __future__ import annotations

from django.db import models


class Organisation(models.Model):
    """Owns domains and users. Nothing of one organisation is ever shown to another."""

    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
