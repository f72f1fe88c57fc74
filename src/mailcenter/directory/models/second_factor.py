"""What a user proves besides his password when he signs in to the center."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FactorKind(models.TextChoices):
    """How it is proved."""

    TOTP = "totp", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")


class SecondFactor(models.Model):
    """An authenticator app (RFC 6238; one per user) or a passkey (WebAuthn)."""

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="second_factors")
    kind = models.CharField(max_length=8, choices=FactorKind.choices)
    name = models.CharField(max_length=100)
    secret = models.TextField(blank=True)
    """Of an app: its secret, sealed with a key that is not in the database."""
    credential = models.BinaryField(default=b"")
    """Of a passkey: id and public key, as WebAuthn's attested credential data."""
    counter = models.BigIntegerField(default=0)
    """Of an app the last time step used, of a passkey its signature counter: what was used does not count again."""
    wrong_codes = models.IntegerField(default=0)
    wrong_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(kind="totp"), name="one_authenticator_app"),
        )

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code that lets its owner in once, when app and passkey are lost; only a keyed digest of it is kept."""

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("user", "digest"), name="recovery_code_once"),)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
