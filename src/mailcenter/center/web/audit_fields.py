"""What the audit calls the parts of things, in plain words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Final[dict[str, Promise | str]] = {
    "action": _("What happens"),
    "address": _("Address"),
    "aliases": _("Aliases"),
    "begun_at": _("Signed in"),
    "blocked_extensions": _("Forbidden attachments"),
    "catch_all": _("All other addresses go to"),
    "codes": _("Codes"),
    "destinations": _("Destinations"),
    "display_name": _("Name"),
    "domain": _("Domain"),
    "domains": _("Domains"),
    "enabled": _("In use"),
    "encrypted_archives": _("Encrypted archives"),
    "ends_at": _("Ends"),
    "expires_at": _("Ends"),
    "is_active": _("Active"),
    "junk_score": _("Junk from"),
    "kind": _("Kind"),
    "kinds": _("Kinds"),
    "language": _("Language"),
    "login": _("Login"),
    "name": _("Name"),
    "network": _("Network"),
    "networks": _("Networks"),
    "note": _("Note"),
    "notices": _("Notices"),
    "organisation": _("Organisation"),
    "password_deadline": _("Last day of weaker passwords"),
    "password_minimum": _("Strength of passwords"),
    "pattern": _("Sender"),
    "prefix": _("Key"),
    "quota_bytes": _("Room in bytes"),
    "refuse_score": _("Refused from"),
    "reporter_email": _("Reporter"),
    "role": _("Role"),
    "scopes": _("Rights"),
    "seconds": _("Seconds"),
    "service": _("Service"),
    "sessions": _("Sessions"),
    "spam_action": _("Suspicious mail"),
    "spam_forward_to": _("Forwarded to"),
    "status": _("State"),
    "thresholds": _("Figures"),
}
"""A part that is not named here is shown by its name in the API."""

FOR_THE_PLATFORM: Final = frozenset({"storage_key"})
"""Parts that say where things lie: they are no customer's."""
