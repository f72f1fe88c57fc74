"""What every template knows: the menu, the platform's name, the languages to switch to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from mailcenter.center.web.navigation import menu
from mailcenter.directory.models import Role

LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}


def center(request: HttpRequest) -> dict[str, Any]:
    """Context processor named in the settings; error pages before authentication have no user, so it asks carefully."""
    current = translation.get_language()
    known = hasattr(request, "user")
    return {
        "menu": menu(request) if known else [],
        "behind": getattr(request, "behind", None),
        "host_name": settings.MAILCENTER.host_name,
        "language": current,
        "other_languages": [(code, name) for code, name in LANGUAGE_NAMES.items() if code != current],
        "password_weak": known and getattr(request.user, "password_weak", False),
        "platform": known and getattr(request.user, "role", "") in (Role.OPERATOR, Role.SUPPORT),
        "may_write": known and getattr(request.user, "role", "") in (Role.OPERATOR, Role.RESELLER, Role.DOMAIN_ADMIN),
    }
