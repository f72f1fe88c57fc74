"""The rights of an API key, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCOPE_LABELS: dict[str, Promise | str] = {
    "organisations:read": _("See organisations"),
    "organisations:write": _("Change organisations"),
    "domains:read": _("See domains"),
    "domains:write": _("Change domains"),
    "mailboxes:read": _("See mailboxes"),
    "mailboxes:write": _("Change mailboxes"),
    "aliases:read": _("See aliases"),
    "aliases:write": _("Change aliases"),
    "users:read": _("See people"),
    "users:write": _("Change people"),
    "ledger:read": _("Read the mail ledger"),
    "lists:read": _("See lists of allowed and refused senders"),
    "lists:write": _("Change lists of allowed and refused senders"),
    "logins:read": _("See sign-ins and lockouts"),
    "logins:write": _("Lift lockouts"),
    "gate:read": _("See the rules for incoming mail"),
    "gate:write": _("Change the rules for incoming mail"),
    "audit:read": _("See who changed what"),
}
"""For each scope of `mailcenter.actions.api_keys.SCOPES`."""
