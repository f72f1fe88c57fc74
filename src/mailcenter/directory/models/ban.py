"""Client networks that are shut out for a while: those of now, and for some time those that are over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BanCause(models.TextChoices):
    """Why a network was banned; `policy.bans` decides it, for guessing the guard, or the operators."""

    HARVESTING = "harvesting", _("Too many unknown recipients")
    REFUSED = "refused", _("Too many refused connections")
    ERRORS = "errors", _("Too many errors")
    GUESSING = "guessing", _("Guessing at passwords")
    OPERATOR = "operator", _("By the operators")


class Ban(models.Model):
    """`network` is in CIDR form, normalised. In force while `ended_at` is null and `ends_at` is to come.

    `offences` within the window led to it, 0 for the operators' own; `turned_away`: connections that postscreen refused
    meanwhile. Lifted before its time: `ended_at` before `ends_at`.
    """

    network = models.CharField(max_length=43)
    cause = models.CharField(max_length=16, choices=BanCause.choices)
    offences = models.IntegerField(default=0)
    turned_away = models.BigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["network"], condition=models.Q(ended_at=None), name="one_ban_at_a_time"),
        )
        indexes = (models.Index(fields=["network", "started_at"], name="ban_history"),)

    def __str__(self) -> str:
        return self.network
