"""Passwords: checked, made, set. They are never shown again, nor written into the audit."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError, Actor, NotAllowedError, audit, found
from mailcenter.actions.mail_sessions import end_mail_sessions_of
from mailcenter.actions.password_policy import policy_in_force
from mailcenter.actions.password_words import explained
from mailcenter.actions.rights import is_oneself, require_himself, require_manager, require_rank_over
from mailcenter.directory.logins import normal_login
from mailcenter.directory.models import Domain, User
from mailcenter.directory.passwords import current_cost
from mailcenter.directory.scope import visible_users
from mailcenter.directory.sessions import forget_sessions
from mailcenter.passwords.argon2id import hash_password
from mailcenter.passwords.imported import UnknownHashError, read_hash
from mailcenter.passwords.strength import judge

SHORTEST: Final = 10
LONGEST: Final = 256
"""Far beyond any password manager; keeps hashing and the SASL exchange bounded."""

_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs, none that looks like another


def check_password(password: str, *, owner: User, domain: Domain | None = None, field: str = "password") -> str:
    """The password, when its owner may use it. He need not be saved yet; `domain` is that of the mailbox he gets.

    Raises:
        ActionError: it is too short, too long, the login itself, easy to guess, or cannot be typed; `message` says what
            helps.
    """
    if len(password) < SHORTEST:
        raise ActionError(field, _("The password must have at least %(least)d characters.") % {"least": SHORTEST})
    if len(password) > LONGEST:
        raise ActionError(field, _("The password must have at most %(most)d characters.") % {"most": LONGEST})
    if not password.isprintable():
        raise ActionError(field, _("The password must not contain control characters."))
    if normal_login(password) == owner.login:
        raise ActionError(field, _("The password must not be the login name itself."))
    strength = judge(password, known_about(owner))
    minimum = minimum_score(owner, domain)
    if strength.score < minimum:
        raise ActionError(field, explained(strength))
    owner.password_weak, owner.password_judged = False, minimum
    return password


def minimum_score(owner: User, domain: Domain | None = None) -> int:
    """The lowest strength for him: by his mailbox's domain, or else by the platform."""
    place = domain or _domain_of(owner)
    return policy_in_force().minimum(place.password_minimum if place else None)


def must_change(owner: User) -> bool:
    """Whether he has to choose a stronger password before anything else."""
    if not owner.password_weak:
        return False
    domain = _domain_of(owner)
    last_day = domain.password_deadline if domain else None
    return policy_in_force().is_over(last_day, timezone.now().date())


def note_strength(owner: User, password: str) -> None:
    """At a good login, when the password is known: note whether it is weak, and tell its owner."""
    minimum = minimum_score(owner)
    if owner.password_judged != minimum:
        owner.password_weak = judge(password[:LONGEST], known_about(owner)).score < minimum
        owner.password_judged = minimum
        owner.save(update_fields=["password_weak", "password_judged"])
    if owner.password_weak:
        domain = _domain_of(owner)
        last_day = policy_in_force().last_day(domain.password_deadline if domain else None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT engine.tell_weak_password(%s, %s)", [owner.pk, last_day])


def _domain_of(owner: User) -> Domain | None:
    return Domain.objects.filter(mailboxes__user_id=owner.pk).first() if owner.pk else None


def known_about(owner: User) -> tuple[str, ...]:
    """What whoever guesses at his password knows of him: login, domain, name, organisation."""
    organisation = owner.organisation.name if owner.organisation else ""
    return owner.login, owner.display_name, organisation


def stored_hash(text: str, *, field: str = "password_hash") -> str:
    """What to store of a hash from another system; a password in the clear is hashed now, however weak it is.

    Raises:
        ActionError: it is no hash that can be taken over.
    """
    try:
        kind, value = read_hash(text)
    except UnknownHashError as error:
        raise ActionError(
            field, _("This password hash cannot be taken over: %(reason)s.") % {"reason": str(error)}
        ) from None
    if kind == "hash":
        return value
    if len(value) > LONGEST:
        raise ActionError(field, _("The password must have at most %(most)d characters.") % {"most": LONGEST})
    return hash_password(value, current_cost())


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
    user.set_password(check_password(password, owner=user))
    user.save(update_fields=["password", "password_weak", "password_judged"])
    forget_sessions(user, but=actor.session)
    end_mail_sessions_of(user)
    audit(actor, "user.set_password", user, {})
    return user


@transaction.atomic
def import_password(*, actor: Actor, user: User, password_hash: str) -> User:
    """Give a user the password that he has elsewhere, by its hash; it becomes Argon2id when he next logs in.

    Raises:
        NotAllowedError: it is one's own account, where the current password would have to be known.
        ActionError: `password_hash` cannot be taken over.
    """
    require_himself(actor)
    user = found(visible_users(actor.scope), user, "user")
    require_rank_over(actor, user)
    require_manager(actor, "user")
    if is_oneself(actor, user):
        raise NotAllowedError("password_hash", _("Nobody may do this to his own account."))
    user.password = stored_hash(password_hash)
    user.password_weak, user.password_judged = False, None
    user.save(update_fields=["password", "password_weak", "password_judged"])
    forget_sessions(user)
    end_mail_sessions_of(user)
    audit(actor, "user.import_password", user, {})
    return user
