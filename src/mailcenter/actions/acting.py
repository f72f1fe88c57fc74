"""Signing in as one of one's customers, to see what he sees and help him: who may, and the note of it in the audit."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions.base import Actor, NotAllowedError, audit, found
from mailcenter.actions.rights import outranks
from mailcenter.directory.models import User
from mailcenter.directory.models.user import PLATFORM_ROLES
from mailcenter.directory.scope import visible_users


def may_act_as(actor: Actor, user: User) -> bool:
    """Whether the actor, who sees this user, may sign in as him: into an account of fewer rights, and of a customer."""
    if actor.behind is not None or not user.is_active or user.role in PLATFORM_ROLES:
        return False
    if actor.user is None:
        return True
    allowed = actor.user.is_active and actor.user.role in settings.MAILCENTER.web.act_as_customer_roles
    return allowed and outranks(actor.user, user)


def customer_of(person: User, pk: int) -> User | None:
    """The customer of this id, where the person may be signed in as him at this moment."""
    actor = Actor(user=person, via="web")
    user = visible_users(actor.scope).filter(pk=pk).first()
    return user if user is not None and may_act_as(actor, user) else None


@transaction.atomic
def begin_acting(*, actor: Actor, user: User) -> User:
    """Note that the actor signs in as this customer, who reads it in his audit log; the customer.

    Raises:
        NotAllowedError: it is switched off, or his account has as many rights as the actor's or more.
    """
    user = _customer(actor, user)
    audit(actor, "user.begin_acting", user, {})
    return user


@transaction.atomic
def end_acting(*, actor: Actor, user: User) -> User:
    """Note that the actor is himself again; the customer."""
    user = _customer(actor, user)
    audit(actor, "user.end_acting", user, {})
    return user


def _customer(actor: Actor, user: User) -> User:
    user = found(visible_users(actor.scope), user, "user")
    if not may_act_as(actor, user):
        raise NotAllowedError("user", _("You may not sign in as this user."))
    return user
