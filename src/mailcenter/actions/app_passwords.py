"""App passwords: made for one device or program each, shown once, ended by one click."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import ActionError, Actor, NotAllowedError, audit, found
from mailcenter.actions.mail_sessions import end_mail_sessions
from mailcenter.actions.rights import is_oneself, is_operator, require_rank_over
from mailcenter.directory.models import AppPassword, Mailbox
from mailcenter.directory.scope import visible_app_passwords, visible_mailboxes
from mailcenter.passwords.app_passwords import SERVICES, app_password_digest, generate_app_password

MOST: Final = 50
"""App passwords of one mailbox."""


@transaction.atomic
def create_app_password(
    *, actor: Actor, mailbox: Mailbox, name: str, services: Iterable[str]
) -> tuple[AppPassword, str]:
    """Make one for a device of one's own, or as operator for anybody's; and the password, which is shown this once.

    Raises:
        ActionError: naming the argument at fault.
    """
    mailbox = found(visible_mailboxes(actor.scope), mailbox, "mailbox")
    if not is_oneself(actor, mailbox.user) and not is_operator(actor):
        raise NotAllowedError("mailbox", _("Only the owner of a mailbox makes app passwords."))
    wanted = set(services)
    if not wanted or not wanted.issubset(SERVICES):
        raise ActionError(
            "services", _("Give one or more of these services: %(services)s.") % {"services": ", ".join(SERVICES)}
        )
    if mailbox.app_passwords.count() >= MOST:
        raise ActionError(
            "name", _("A mailbox has %(most)d app passwords at the most; end one first.") % {"most": MOST}
        )
    password = generate_app_password()
    row = AppPassword.objects.create(
        mailbox=mailbox,
        name=values.text(name, "name", longest=100, required=True),
        digest=app_password_digest(password) or "",
        services=[service for service in SERVICES if service in wanted],
    )
    audit(actor, "app_password.create", row, {"name": row.name, "services": row.services})
    return row, password


@transaction.atomic
def remove_app_password(*, actor: Actor, app_password: AppPassword) -> str:
    """End one; running sessions of the mailbox end as well. A message that says what was done."""
    row = found(visible_app_passwords(actor.scope), app_password, "app_password")
    require_rank_over(actor, row.mailbox.user, "app_password")
    audit(actor, "app_password.remove", row, {"name": row.name})
    row.delete()
    end_mail_sessions(row.mailbox)
    return _("The app password %(name)s is ended.") % {"name": row.name}
