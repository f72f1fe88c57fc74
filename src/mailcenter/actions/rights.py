"""Who may do what to the things he sees. What he sees at all is `mailcenter.directory.scope`."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from mailcenter.actions.base import Actor, NotAllowedError
from mailcenter.directory.models import Role, User

_RANK = {Role.MAILBOX: 0, Role.DOMAIN_ADMIN: 1, Role.RESELLER: 2, Role.SUPPORT: 3, Role.OPERATOR: 4}


def is_operator(actor: Actor) -> bool:
    """Root on the command line, the platform itself, or an operator."""
    return actor.user is None or (actor.user.is_active and actor.user.role == Role.OPERATOR)


def require_operator(actor: Actor, field: str = "") -> None:
    """What concerns the platform itself."""
    if not is_operator(actor):
        raise NotAllowedError(field, _("Only an operator may do this."))


def is_reseller(actor: Actor) -> bool:
    """Who manages customers of his own."""
    return actor.user is not None and actor.user.is_active and actor.user.role == Role.RESELLER


def require_organisation_manager(actor: Actor, field: str = "") -> None:
    """Customers: an operator's, or a reseller's own."""
    if not (is_operator(actor) or is_reseller(actor)):
        raise NotAllowedError(field, _("Only an operator or a reseller may do this."))


def may_add_domains(actor: Actor) -> bool:
    """Operators, and resellers where the settings say so."""
    return is_operator(actor) or (is_reseller(actor) and settings.MAILCENTER.limits.resellers_add_domains)


def require_domain_adder(actor: Actor, field: str = "") -> None:
    """Adding a domain: who could add any would get the mail of others for it."""
    if not may_add_domains(actor):
        raise NotAllowedError(field, _("Only an operator may do this."))


def require_stranger_domain(actor: Actor, name: str, field: str = "") -> None:
    """`name` (A-label) is no domain by which mail for this platform's own postmaster goes, or an operator adds it.

    That is where mail for postmaster and abuse of all domains leads that have no such addresses.
    """
    platform = settings.MAILCENTER
    own = {platform.host_name.lower(), platform.mail.postmaster.rpartition("@")[2].lower()}
    if name in own and not is_operator(actor):
        raise NotAllowedError(
            field, _("Mail for this platform's postmaster goes to this domain: only an operator may add it.")
        )


def require_manager(actor: Actor, field: str = "") -> None:
    """Changes to domains, mailboxes and aliases: not for support, who only read, nor for mailbox owners."""
    if not may_manage(actor):
        raise NotAllowedError(field, _("You may look at this, but not change it."))


def may_manage(actor: Actor) -> bool:
    """Whether he changes the domains, mailboxes and aliases that he sees."""
    if is_operator(actor):
        return True
    return actor.user is not None and actor.user.is_active and actor.user.role in (Role.RESELLER, Role.DOMAIN_ADMIN)


def require_rank_over(actor: Actor, user: User, field: str = "user") -> None:
    """Oneself, or users whose role is not above one's own; and never without being a manager."""
    if is_oneself(actor, user):
        return
    require_manager(actor, field)
    require_rank(actor, user.role, field)


def require_rank(actor: Actor, role: str, field: str = "role") -> None:
    """Nobody gives a role above his own."""
    own = Role.OPERATOR if actor.user is None else Role(actor.user.role)
    if _RANK[Role(role)] > _RANK[own]:
        raise NotAllowedError(field, _("This role is above your own."))


def require_himself(actor: Actor, field: str = "user") -> None:
    """What opens an account stays with its owner: not for somebody of the provider who is signed in as his customer."""
    if actor.behind is not None:
        raise NotAllowedError(field, _("This is the customer's own matter; it is not done while signed in as him."))


def outranks(user: User, other: User) -> bool:
    """Whether his role is above the other's."""
    return _RANK[Role(user.role)] > _RANK[Role(other.role)]


def is_oneself(actor: Actor, user: User) -> bool:
    """Whether he acts on his own account."""
    return actor.user is not None and actor.user.is_active and actor.user.pk == user.pk
