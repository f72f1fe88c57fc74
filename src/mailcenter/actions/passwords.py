"""Passwords: checked, made, set. They are never shown again, nor written into the audit."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError, Actor, audit, found
from mailcenter.actions.rights import is_oneself, require_himself, require_rank_over
from mailcenter.directory.logins import normal_login
from mailcenter.directory.models import User
from mailcenter.directory.scope import visible_users
from mailcenter.directory.sessions import forget_sessions

SHORTEST: Final = 10
LONGEST: Final = 256
"""Far beyond any password manager; keeps hashing and the SASL exchange bounded."""

_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs, none that looks like another


def check_password(password: str, *, login: str, field: str = "password") -> str:
    """The password, when it may be used for this login.

    Raises:
        ActionError: it is too short, too long, the login itself, or cannot be typed.
    """
    if len(password) < SHORTEST:
        raise ActionError(field, _("The password must have at least %(least)d characters.") % {"least": SHORTEST})
    if len(password) > LONGEST:
        raise ActionError(field, _("The password must have at most %(most)d characters.") % {"most": LONGEST})
    if not password.isprintable():
        raise ActionError(field, _("The password must not contain control characters."))
    if normal_login(password) == login:
        raise ActionError(field, _("The password must not be the login name itself."))
    return password


def generate_password() -> str:
    """A random password of 100 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(5)) for _group in range(4))


@transaction.atomic
def set_password(*, actor: Actor, user: User, password: str, current_password: str | None = None) -> User:
    """Give a user a new password.

    Who changes his own through the web or the API must know the current one, so that an open screen or a key is not
    enough to take the account over.

    Raises:
        ActionError: `password` is too weak, or `current_password` is wrong.
    """
    require_himself(actor)
    user = found(visible_users(actor.scope), user, "user")
    require_rank_over(actor, user)
    own = is_oneself(actor, user) and actor.via in ("web", "api")
    if own and not user.check_password((current_password or "")[:LONGEST]):
        raise ActionError("current_password", _("This is not your current password."))
    user.set_password(check_password(password, login=user.login))
    user.save(update_fields=["password"])
    forget_sessions(user, but=actor.session)
    audit(actor, "user.set_password", user, {})
    return user
