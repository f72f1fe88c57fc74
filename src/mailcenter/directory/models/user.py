"""Who may log in, and as what."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mailcenter.directory.logins import normal_login


class Role(models.TextChoices):
    """What a login may do; each role sees only its own."""

    OPERATOR = "operator", _("Operator")
    SUPPORT = "support", _("Support")
    RESELLER = "reseller", _("Reseller")
    DOMAIN_ADMIN = "domain_admin", _("Domain administrator")
    MAILBOX = "mailbox", _("Mailbox owner")


PLATFORM_ROLES = (Role.OPERATOR, Role.SUPPORT)
"""Roles of the provider's own people, who belong to no organisation."""


class UserManager(BaseUserManager["User"]):
    """Finds users by login however it is typed: case, Unicode form and spelling of the domain do not matter."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login=normal_login(username or ""))


class User(AbstractBaseUser):
    """A login. A mailbox owner's login is his address; others may have an address or a plain name."""

    login = models.CharField(max_length=320, unique=True)
    password = models.CharField(max_length=255)
    """Its hash, in the forms of `mailcenter.passwords`."""
    password_weak = models.BooleanField(default=False)
    """Seen at a login to be easier to guess than `password_judged` asks for; nothing more is known of it."""
    password_judged = models.SmallIntegerField(null=True, blank=True)
    """The lowest strength that was asked for when it was last looked at; null: it never was."""
    display_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    domains = models.ManyToManyField("directory.Domain", blank=True, related_name="administrators")
    """The domains a domain administrator may manage; none stands for all of his organisation."""
    language = models.CharField(max_length=2, blank=True, choices=[("de", _("German")), ("en", _("English"))])
    is_active = models.BooleanField(default=True)
    """May log in. Mail is still delivered to a mailbox whose owner may not."""
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ("login",)
        constraints = (
            models.CheckConstraint(
                condition=Q(role__in=PLATFORM_ROLES, organisation__isnull=True)
                | (~Q(role__in=PLATFORM_ROLES) & Q(organisation__isnull=False)),
                name="directory_user_tenant",
            ),
        )

    def __str__(self) -> str:
        return self.login
