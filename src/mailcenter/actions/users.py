"""Logins of those who have no mailbox here, and what may be changed of any login."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.addresses import taken
from mailcenter.actions.base import (
    UNSET,
    ActionError,
    Actor,
    NotAllowedError,
    NotFoundError,
    Unset,
    apply,
    audit,
    found,
)
from mailcenter.actions.mail_sessions import end_mail_sessions_of
from mailcenter.actions.passwords import check_password
from mailcenter.actions.rights import (
    is_oneself,
    is_operator,
    require_himself,
    require_manager,
    require_rank,
    require_rank_over,
)
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import Domain, Mailbox, Organisation, Role, User
from mailcenter.directory.models.user import PLATFORM_ROLES
from mailcenter.directory.scope import visible_domains, visible_organisations, visible_users


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    login: str,
    role: str,
    organisation: Organisation | None = None,
    domains: Iterable[Domain] = (),
    password: str | None = None,
    display_name: str = "",
    language: str = "",
) -> User:
    """Make an operator, a supporter, a reseller or a domain administrator; a mailbox owner comes with his mailbox.

    `domains` restricts a domain administrator to some of his organisation's. Without a password nobody can log in.

    Raises:
        ActionError: naming the argument at fault.
    """
    if role not in Role.values or role == Role.MAILBOX:
        raise ActionError("role", _("The role must be operator, support, reseller or domain_admin."))
    require_himself(actor)
    _require_user_manager(actor)
    require_rank(actor, role)
    user = User(
        login=_free_login(actor, login),
        role=role,
        organisation=_organisation_for(actor, role, organisation),
        display_name=values.text(display_name, "display_name"),
        language=values.language(language),
    )
    user.set_password(None if password is None else check_password(password, owner=user))
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise taken(user.login, "login") from None
    user.domains.set(restricted_to := _restriction(actor, user, domains))
    audit(
        actor,
        "user.create",
        user,
        {"login": user.login, "role": role, "domains": [domain.name for domain in restricted_to]},
    )
    return user


@transaction.atomic
def change_user(
    *,
    actor: Actor,
    user: User,
    display_name: str | Unset = UNSET,
    language: str | Unset = UNSET,
    is_active: bool | Unset = UNSET,
    domains: Iterable[Domain] | Unset = UNSET,
) -> User:
    """Change a user; of himself everybody may change the name shown and the language."""
    user = found(visible_users(actor.scope), user, "user")
    require_rank_over(actor, user)
    if is_oneself(actor, user) and (is_active, domains) != (UNSET, UNSET):
        raise NotAllowedError(
            "domains" if is_active is UNSET else "is_active", _("Nobody may change this of his own account.")
        )
    if (is_active, domains) != (UNSET, UNSET):
        require_himself(actor)
    if is_active is False:
        _refuse_last_operator(user)
    changes = apply(
        user,
        {
            "display_name": display_name if display_name is UNSET else values.text(display_name, "display_name"),
            "language": language if language is UNSET else values.language(language),
            "is_active": is_active,
        },
    )
    if "display_name" in changes:
        Mailbox.objects.filter(user=user).update(display_name=user.display_name)
    if domains is not UNSET:
        _require_user_manager(actor)
        old = sorted(user.domains.values_list("name", flat=True))
        restricted_to = _restriction(actor, user, domains)
        new = sorted(domain.name for domain in restricted_to)
        if old != new:
            user.domains.set(restricted_to)
            changes["domains"] = [old, new]
    if user.is_active is False and "is_active" in changes:
        end_mail_sessions_of(user)
    if changes:
        audit(actor, "user.change", user, changes)
    return user


@transaction.atomic
def remove_user(*, actor: Actor, user: User) -> str:
    """Remove a user and his API keys; a message that says what was done. A mailbox owner goes with his mailbox."""
    user = found(visible_users(actor.scope), user, "user")
    require_rank_over(actor, user)
    if is_oneself(actor, user):
        raise NotAllowedError("user", _("Nobody may remove his own account."))
    if user.role == Role.MAILBOX:
        raise ActionError("user", _("This login belongs to a mailbox; remove the mailbox."))
    _require_user_manager(actor)
    _refuse_last_operator(user)
    audit(actor, "user.remove", user, {"login": user.login, "role": user.role})
    user.delete()
    return _("User %(login)s is removed.") % {"login": user.login}


def _require_user_manager(actor: Actor) -> None:
    """Who is restricted to some domains makes no administrators, for they could be given more than he has."""
    require_manager(actor, "user")
    if not is_operator(actor) and actor.scope.kind != "organisation":
        raise NotAllowedError("user", _("You may manage some domains only, and no administrators."))


def _organisation_for(actor: Actor, role: str, organisation: Organisation | None) -> Organisation | None:
    """The tenant of a new user: given by an operator, otherwise the actor's own; none for the platform's people."""
    if role in PLATFORM_ROLES:
        if organisation is not None:
            raise ActionError("organisation", _("Operators and support belong to no organisation."))
        return None
    if organisation is None and actor.user is not None:
        organisation = actor.user.organisation
    if organisation is None:
        raise ActionError("organisation", _("This role belongs to an organisation; name it."))
    return found(visible_organisations(actor.scope), organisation, "organisation")


def _free_login(actor: Actor, login: str) -> str:
    """A plain name, or an address that is in no domain of another tenant."""
    if "@" not in login:
        name = values.text(login, "login", longest=64, required=True).lower()
        if not name.replace("-", "").replace(".", "").replace("_", "").isalnum():
            raise ActionError(
                "login", _("A login is a mail address, or letters, digits, hyphens, dots and underscores.")
            )
        return name
    address = values.address(login, "login")
    domain = address.rpartition("@")[2]
    with beyond_barrier():
        hosted = Domain.objects.filter(name=domain).exists()
    if hosted and not visible_domains(actor.scope).filter(name=domain).exists():
        raise taken(address, "login")
    return address


def _restriction(actor: Actor, user: User, domains: Iterable[Domain]) -> list[Domain]:
    wanted = list(domains)
    if wanted and user.role != Role.DOMAIN_ADMIN:
        raise ActionError("domains", _("Only a domain administrator can be restricted to domains."))
    given = visible_domains(actor.scope).filter(pk__in=[item.pk for item in wanted])
    rows = [domain for domain in given if domain.organisation_id == user.organisation_id]
    if len(rows) != len({item.pk for item in wanted}):
        raise NotFoundError("domains", _("There is no such domain in this organisation."))
    return rows


def _refuse_last_operator(user: User) -> None:
    others = User.objects.filter(role=Role.OPERATOR, is_active=True).exclude(pk=user.pk)
    if user.role == Role.OPERATOR and not others.exists():
        raise ActionError("user", _("This is the last operator; make another one first."))
