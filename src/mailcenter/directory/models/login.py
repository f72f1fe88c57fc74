"""The history of logins, good and failed, and the networks that each account was used from. The guard writes both."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoginResult(models.TextChoices):
    """How attempts ended."""

    GOOD = "good", _("Signed in")
    WRONG_PASSWORD = "wrong-password", _("Wrong password")
    OLD_PASSWORD = "old-password", _("Uses an old password")
    REFUSED = "refused", _("Right password, but refused")
    LOCKED = "locked", _("Locked out")
    DISABLED = "disabled", _("May not log in")
    UNKNOWN = "unknown", _("No such account")


class LoginService(models.TextChoices):
    """What was logged in to: the names of `mailcenter.guard.attempt`."""

    IMAP = "imap", _("Reading mail (IMAP)")
    POP3 = "pop3", _("Fetching mail (POP3)")
    SIEVE = "sieve", _("Filters (ManageSieve)")
    SUBMISSION = "submission", _("Sending mail (SMTP)")
    WEB = "web", _("Signing in to this control center")


class LoginRecord(models.Model):
    """Equal attempts of one hour, `times` of them; without `user` where nobody has such a login; it is not kept.

    `network` is the client's own (IPv4 address, IPv6 /64), by which lockouts go; `program`: its own claim.
    """

    user = models.ForeignKey("directory.User", null=True, on_delete=models.CASCADE, related_name="logins")
    service = models.CharField(max_length=16, choices=LoginService.choices)
    address = models.GenericIPAddressField()
    network = models.CharField(max_length=43)
    country = models.CharField(max_length=2, blank=True)
    program = models.CharField(max_length=80, blank=True)
    result = models.CharField(max_length=16, choices=LoginResult.choices)
    hour = models.BigIntegerField()
    """Whole hours since the Unix epoch."""
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "service", "address", "program", "result", "hour"],
                nulls_distinct=False,
                name="logins_of_an_hour",
            ),
        )
        indexes = (
            models.Index(fields=["user", "last_at"], name="logins_of_user"),
            models.Index(fields=["network", "last_at"], name="logins_of_network"),
            models.Index(fields=["last_at"], name="logins_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.service} {self.address} {self.result}"


class LoginNetwork(models.Model):
    """A neighbourhood (IPv4 /24, IPv6 /64) from which the account was used, and since when."""

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="login_networks")
    network = models.CharField(max_length=43)
    country = models.CharField(max_length=2, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["user", "network"], name="one_row_per_login_network"),)

    def __str__(self) -> str:
        return self.network
