"""Aliases: addresses whose mail goes on to others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.addresses import own_domain, refuse_taken, taken
from mailcenter.actions.base import UNSET, ActionError, Actor, Unset, apply, audit, found
from mailcenter.actions.destinations import forget_destinations, refuse_loop, refuse_unknown
from mailcenter.actions.limits import make_room
from mailcenter.actions.rights import require_manager
from mailcenter.directory.models import Alias, AliasDestination
from mailcenter.directory.scope import visible_aliases

MOST_DESTINATIONS: Final = 100
"""More than that is a mailing list; Postfix expands up to `virtual_alias_expansion_limit`."""


@transaction.atomic
def create_alias(*, actor: Actor, address: str, destinations: Iterable[str]) -> Alias:
    """Make an alias.

    Raises:
        NotFoundError: the domain is not among the actor's.
        ActionError: naming the argument at fault.
    """
    local_part, domain = own_domain(actor, address)
    alias = Alias(domain=domain, local_part=local_part)
    refuse_taken(alias.address)
    checked = _checked(actor, alias, destinations)
    make_room(domain.organisation, aliases=1, field="address")
    try:
        with transaction.atomic():
            alias.save()
    except IntegrityError:  # taken in this very moment
        raise taken(alias.address) from None
    AliasDestination.objects.bulk_create(AliasDestination(alias=alias, address=item) for item in checked)
    audit(actor, "alias.create", alias, {"address": alias.address, "destinations": checked})
    return alias


@transaction.atomic
def change_alias(
    *,
    actor: Actor,
    alias: Alias,
    destinations: Iterable[str] | Unset = UNSET,
    is_active: bool | Unset = UNSET,
) -> Alias:
    """Give an alias other destinations, all of them, or switch it on or off."""
    alias = found(visible_aliases(actor.scope), alias, "alias")
    require_manager(actor, "alias")
    changes = apply(alias, {"is_active": is_active})
    if destinations is not UNSET:
        old = sorted(item.address for item in alias.destinations.all())
        new = _checked(actor, alias, destinations)
        if old != new:
            alias.destinations.exclude(address__in=new).delete()
            AliasDestination.objects.bulk_create(
                AliasDestination(alias=alias, address=item) for item in new if item not in old
            )
            changes["destinations"] = [old, new]
    if changes:
        audit(actor, "alias.change", alias, changes)
    return visible_aliases(actor.scope).get(pk=alias.pk)


@transaction.atomic
def remove_alias(*, actor: Actor, alias: Alias) -> str:
    """Remove an alias; other aliases of the organisation that led here forget it. A message that says what was done."""
    alias = found(visible_aliases(actor.scope), alias, "alias")
    require_manager(actor, "alias")
    address, organisation_id = alias.address, alias.domain.organisation_id
    audit(actor, "alias.remove", alias, {"destinations": sorted(item.address for item in alias.destinations.all())})
    alias.delete()
    touched = forget_destinations(actor, [address], organisation_id=organisation_id)
    message = _("Alias %(address)s is removed.") % {"address": address}
    if touched:
        message += " " + _("It was taken out of these aliases: %(aliases)s.") % {"aliases": ", ".join(touched)}
    return message


def _checked(actor: Actor, alias: Alias, destinations: Iterable[str]) -> list[str]:
    """The destinations in stored form, sorted, each once; at least one, and none that leads back."""
    given = list(destinations)
    if len(given) > MOST_DESTINATIONS:
        raise ActionError(
            "destinations", _("An alias has at most %(most)d destinations.") % {"most": MOST_DESTINATIONS}
        )
    checked = sorted({values.address(item, "destinations") for item in given})
    if not checked:
        raise ActionError("destinations", _("An alias needs at least one destination."))
    refuse_loop(alias.address, checked, "destinations")
    for item in checked:
        refuse_unknown(actor, item, "destinations")
    return checked
