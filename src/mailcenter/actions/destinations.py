"""Addresses that mail goes on to: checked when set, forgotten when what they name is removed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError, Actor, audit
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import Address, Alias, AliasDestination, Domain
from mailcenter.directory.scope import visible_domains
from mailcenter.mail.address import parse_address

DEEPEST = 20
"""Aliases of aliases that are followed; Postfix stops at `virtual_alias_recursion_limit`."""


def refuse_unknown(actor: Actor, destination: str, field: str) -> None:
    """An address in the actor's own domains must exist, so that nothing accepted for the alias bounces later."""
    plain = parse_address(destination).without_detail.key
    domain = visible_domains(actor.scope).filter(name=plain.rpartition("@")[2]).first()
    if domain is not None and not Address.objects.filter(address=plain).exists():
        raise ActionError(field, _("There is no address %(address)s here.") % {"address": plain})


def refuse_loop(alias_address: str, destinations: Iterable[str], field: str) -> None:
    """Refuse destinations that lead back to the alias itself, directly or through other aliases."""
    reached = {parse_address(destination).without_detail.key for destination in destinations}
    for _step in range(DEEPEST):
        if alias_address in reached:
            raise ActionError(field, _("Mail to %(address)s would come back to it.") % {"address": alias_address})
        with beyond_barrier():  # a loop may lead through others' aliases
            through = Address.objects.filter(address__in=reached, alias__isnull=False).values("alias")
            onwards = list(AliasDestination.objects.filter(alias__in=through).values_list("address", flat=True))
        further = {parse_address(address).without_detail.key for address in onwards} - reached
        if not further:
            return
        reached |= further
    raise ActionError(field, _("These addresses go on to each other more than %(most)d times.") % {"most": DEEPEST})


def forget_destinations(actor: Actor, addresses: Iterable[str], *, organisation_id: int) -> list[str]:
    """Take removed addresses out of the organisation's aliases and catch-alls.

    An alias that delivered nowhere else is removed as well, and then those that led to it. Gives the aliases touched.
    """
    gone = list(addresses)
    touched: list[str] = []
    while gone:
        for domain in Domain.objects.filter(organisation_id=organisation_id, catch_all__in=gone):
            audit(actor, "domain.change", domain, {"catch_all": [domain.catch_all, None]})
            domain.catch_all = None
            domain.save(update_fields=["catch_all"])
        leading = AliasDestination.objects.filter(_leads_to(gone), alias__domain__organisation_id=organisation_id)
        emptied: list[str] = []
        for alias in Alias.objects.filter(pk__in=leading.values("alias")).select_related("domain"):
            before = sorted(alias.destinations.values_list("address", flat=True))
            alias.destinations.filter(_leads_to(gone)).delete()
            after = sorted(alias.destinations.values_list("address", flat=True))
            touched.append(alias.address)
            if after:
                audit(actor, "alias.change", alias, {"destinations": [before, after]})
                continue
            audit(actor, "alias.remove", alias, {"destinations": before})
            emptied.append(alias.address)
            alias.delete()
        gone = emptied
    return touched


def _leads_to(addresses: list[str]) -> Q:
    """Destinations that are one of the addresses, with or without `+detail`."""
    condition = Q(address__in=addresses)
    for address in addresses:
        local_part, _at, domain = address.rpartition("@")
        condition |= Q(address__startswith=f"{local_part}+", address__endswith=f"@{domain}")
    return condition
