"""What operators changed about a rule of the gate; a rule without a row works by the defaults in its file."""

from __future__ import annotations

from django.db import models


class RuleSetting(models.Model):
    """`thresholds` holds only those that differ from the defaults, as numbers by name."""

    rule = models.CharField(max_length=40, unique=True)
    enabled = models.BooleanField(default=True)
    thresholds = models.JSONField(default=dict)

    class Meta:
        ordering = ("rule",)

    def __str__(self) -> str:
        return self.rule
