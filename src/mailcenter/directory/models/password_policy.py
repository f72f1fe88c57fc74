"""What operators say about passwords for the whole platform."""

from __future__ import annotations

from django.db import models


class PasswordPolicy(models.Model):
    """One row at the most; what is null, and all where there is none, is as the configuration says."""

    ONLY = 1
    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    password_minimum = models.SmallIntegerField(null=True, blank=True)
    """Lowest strength, 0 to 4; null: `passwords.minimum_score`."""
    password_deadline = models.DateField(null=True, blank=True)
    """Last day on which weak passwords still work; null: `passwords.deadline`."""

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="directory_passwordpolicy_one"),)

    def __str__(self) -> str:
        return "passwords"
