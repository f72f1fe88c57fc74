"""Sessions in the center, ended by their owner or by those who administer him."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailcenter.actions.base import Actor, audit, found
from mailcenter.actions.mail_sessions import end_mail_sessions_of
from mailcenter.actions.rights import require_himself, require_rank_over
from mailcenter.directory.models import User, WebSession
from mailcenter.directory.scope import visible_sessions, visible_users
from mailcenter.directory.sessions import forget_sessions


@transaction.atomic
def end_session(*, actor: Actor, session: WebSession) -> str:
    """End one session at once. A message that says so."""
    require_himself(actor)
    row = found(visible_sessions(actor.scope), session, "session")
    if row.user is None:  # which the scope excludes
        raise AssertionError("a session of nobody is visible")
    require_rank_over(actor, row.user)
    audit(actor, "user.end_session", row.user, {"address": row.address, "begun_at": row.begun_at.isoformat()})
    row.delete()
    return _("The session is ended.")


@transaction.atomic
def end_sessions(*, actor: Actor, user: User) -> str:
    """End all sessions of a user, those of mail programs too, but the one that the actor acts in.

    A message that says how many there were in the center.
    """
    require_himself(actor)
    user = found(visible_users(actor.scope), user, "user")
    require_rank_over(actor, user)
    number = forget_sessions(user, but=actor.session)
    end_mail_sessions_of(user)
    audit(actor, "user.end_sessions", user, {"sessions": number})
    return ngettext("%(number)d session is ended.", "%(number)d sessions are ended.", number) % {"number": number}
