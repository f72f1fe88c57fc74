"""The menu: which screens exist for which role, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.access import EVERYONE, PLATFORM, READERS
from mailcenter.directory.models import ReportStatus, Role, User
from mailcenter.directory.scope import scope_of, visible_reports


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `section` is the first part of the path of all screens it stands for."""

    title: Promise | str
    icon: str
    view: str
    section: str
    roles: tuple[Role, ...]


MENU = (
    Entry(_("Overview"), "home", "start", "", EVERYONE),
    Entry(_("Mail ledger"), "list-search", "ledger", "ledger", EVERYONE),
    Entry(_("Refused for you"), "shield-x", "refused", "refused", (Role.MAILBOX,)),
    Entry(_("Suspicious mail"), "alert-triangle", "treatment", "treatment", (Role.MAILBOX,)),
    Entry(_("Organisations"), "building", "organisations", "organisations", (*PLATFORM, Role.RESELLER)),
    Entry(_("Domains"), "world", "domains", "domains", READERS),
    Entry(_("Mailboxes"), "mailbox", "mailboxes", "mailboxes", READERS),
    Entry(_("Aliases"), "mail-forward", "aliases", "aliases", READERS),
    Entry(_("People"), "users", "users", "users", (Role.OPERATOR, Role.RESELLER)),
    Entry(_("Sign in as customer"), "login-2", "act-as", "customers", (Role.OPERATOR, Role.SUPPORT, Role.RESELLER)),
    Entry(_("Senders"), "at", "senders", "senders", EVERYONE),
    Entry(_("Gate"), "shield-check", "gate", "gate", PLATFORM),
    Entry(_("Sign-ins"), "lock", "logins", "logins", EVERYONE),
    Entry(_("Reports"), "message-report", "reports", "reports", PLATFORM),
    Entry(_("Health"), "heartbeat", "health", "health", PLATFORM),
    Entry(_("Audit log"), "history", "audit", "audit", EVERYONE),
    Entry(_("App passwords"), "device-mobile", "app-passwords", "app-passwords", (Role.MAILBOX,)),
    Entry(_("API keys"), "key", "api-keys", "api-keys", EVERYONE),
)


def menu(request: HttpRequest) -> list[tuple[Entry, bool, int]]:
    """The entries of the signed-in user, each with whether it is the present one, and how much waits there."""
    user = request.user
    if not isinstance(user, User):
        return []
    section = request.path.strip("/").split("/", 1)[0]
    return [(entry, entry.section == section, _waiting(entry, user)) for entry in MENU if user.role in entry.roles]


def _waiting(entry: Entry, user: User) -> int:
    if entry.view != "reports":
        return 0
    return visible_reports(scope_of(user)).filter(status=ReportStatus.OPEN).count()
