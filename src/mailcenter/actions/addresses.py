"""New addresses in one's own domains: where they belong, and that they are still free."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import ActionError, Actor, NotFoundError
from mailcenter.actions.rights import require_manager
from mailcenter.directory.models import Address, Domain
from mailcenter.directory.scope import visible_domains


def own_domain(actor: Actor, address: str) -> tuple[str, Domain]:
    """Local part and domain of an address to be made.

    Raises:
        NotFoundError: the domain is not among the actor's.
        NotAllowedError: he does not manage it.
    """
    local_part, name = values.own_address(address)
    domain = visible_domains(actor.scope).filter(name=name).first()
    if domain is None:
        raise NotFoundError("address", _("There is no domain %(name)s here.") % {"name": name})
    require_manager(actor, "address")
    return local_part, domain


def refuse_taken(address: str) -> None:
    """A mailbox and an alias of one address exclude each other; the database holds it, this says it in words."""
    if Address.objects.filter(address=address).exists():
        raise taken(address)


def taken(address: str, field: str = "address") -> ActionError:
    """The refusal of a second mailbox, alias or login of one address."""
    return ActionError(field, _("%(address)s is already taken.") % {"address": address})
