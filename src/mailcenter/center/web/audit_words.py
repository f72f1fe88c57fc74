"""The audit in plain words: what was done, what it was done to, and what is different since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.audit_fields import FIELDS, FOR_THE_PLATFORM
from mailcenter.directory.models import AuditEntry
from mailcenter.directory.models.audit import Via

ACTIONS: Final[dict[str, Promise | str]] = {
    "alias.change": _("Alias changed"),
    "alias.create": _("Alias added"),
    "alias.remove": _("Alias removed"),
    "api_key.change": _("API key renamed"),
    "api_key.create": _("API key made"),
    "api_key.remove": _("API key removed"),
    "app_password.create": _("App password made"),
    "app_password.remove": _("App password ended"),
    "attachments.change": _("Attachment rules changed"),
    "ban.add": _("Network shut out"),
    "ban.change": _("Shut-out of a network changed"),
    "ban.lift": _("Shut-out of a network lifted"),
    "domain.change": _("Domain changed"),
    "domain.create": _("Domain added"),
    "domain.remove": _("Domain removed"),
    "lockout.lift": _("Lockout lifted"),
    "lockout.lock": _("Locked out"),
    "mailbox.change": _("Mailbox changed"),
    "mailbox.create": _("Mailbox added"),
    "mailbox.remove": _("Mailbox removed"),
    "network.change": _("Client network changed"),
    "network.create": _("Client network added"),
    "network.remove": _("Client network removed"),
    "organisation.change": _("Organisation changed"),
    "organisation.create": _("Organisation added"),
    "organisation.remove": _("Organisation removed"),
    "password_policy.change": _("Policy of passwords changed"),
    "report.answer": _("Report answered"),
    "report.create": _("Report came in"),
    "report.reopen": _("Report opened again"),
    "report.resend": _("Answer to a report sent again"),
    "rule.change": _("Rule changed"),
    "sender.change": _("Listed sender changed"),
    "sender.create": _("Sender put on a list"),
    "sender.remove": _("Sender taken off a list"),
    "treatment.change": _("Treatment of suspicious mail changed"),
    "user.add_passkey": _("Passkey added"),
    "user.add_totp": _("Authenticator app set up"),
    "user.begin_acting": _("Provider signed in as this customer"),
    "user.change": _("Login changed"),
    "user.create": _("Login added"),
    "user.end_acting": _("Provider signed out as this customer"),
    "user.end_session": _("Session ended"),
    "user.end_sessions": _("Sessions ended"),
    "user.import_password": _("Password taken over by its hash"),
    "user.make_recovery_codes": _("Recovery codes made"),
    "user.remove": _("Login removed"),
    "user.remove_second_factor": _("Second factor removed"),
    "user.reset_second_factors": _("Second factor reset"),
    "user.set_password": _("Password set"),
}
"""For each action that is ever written down; a test holds it against the actions."""


@dataclass(frozen=True)
class Line:
    """One entry, ready to be shown."""

    entry: AuditEntry
    deed: str
    who: str
    door: str
    details: tuple[tuple[str, str], ...]


def line_of(entry: AuditEntry) -> Line:
    """The entry in the language of the screen."""
    changed = entry.action.endswith((".change", ".answer"))  # others do not tell what was before
    return Line(
        entry=entry,
        deed=str(ACTIONS.get(entry.action, entry.action)),
        who=entry.acting_login or (gettext("The platform") if entry.via == Via.SYSTEM else gettext("The provider")),
        door=str(Via(entry.via).label),
        details=tuple(
            (_field(name), _change(value) if changed else _plain(value))
            for name, value in entry.changes.items()
            if name not in FOR_THE_PLATFORM
        ),
    )


def _field(name: str) -> str:
    return str(FIELDS.get(name, name))


def _change(value: Any) -> str:
    """`[old, new]` of a field, or what was written down as it is."""
    if isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} → {_plain(value[1])}"
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_field(name)}: {_change(one)}" for name, one in value.items())
    return str(value)
