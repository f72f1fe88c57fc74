"""The operators' list of client networks: always let through, or always refused."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, Unset, apply, audit, found
from mailcenter.actions.rights import require_operator
from mailcenter.directory.models import NetworkAction, NetworkEntry
from mailcenter.directory.scope import visible_network_entries

WIDEST: Final = {4: 8, 6: 16}
"""Shortest prefix of an entry: a slip of the hand must not shut out the Internet."""


@transaction.atomic
def create_network(*, actor: Actor, network: str, action: str, note: str = "") -> NetworkEntry:
    """Put a network (or one address) on the list.

    Raises:
        ActionError: it is no network, too wide, or on the list already.
    """
    require_operator(actor, "network")
    entry = NetworkEntry(network=a_network(network), action=_action(action), note=values.text(note, "note"))
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        raise ActionError("network", _("%(network)s is on the list already.") % {"network": entry.network}) from None
    audit(actor, "network.create", entry, {"network": entry.network, "action": entry.action})
    return entry


@transaction.atomic
def change_network(
    *, actor: Actor, entry: NetworkEntry, action: str | Unset = UNSET, note: str | Unset = UNSET
) -> NetworkEntry:
    """Change what becomes of a network on the list."""
    entry = found(visible_network_entries(actor.scope), entry, "entry")
    require_operator(actor, "entry")
    changes = apply(
        entry,
        {
            "action": action if action is UNSET else _action(action),
            "note": note if note is UNSET else values.text(note, "note"),
        },
    )
    if changes:
        audit(actor, "network.change", entry, changes)
    return entry


@transaction.atomic
def remove_network(*, actor: Actor, entry: NetworkEntry) -> str:
    """Take a network off the list; a message that says what was done."""
    entry = found(visible_network_entries(actor.scope), entry, "entry")
    require_operator(actor, "entry")
    audit(actor, "network.remove", entry, {"network": entry.network, "action": entry.action})
    entry.delete()
    return _("%(network)s is off the list.") % {"network": entry.network}


def a_network(text: str) -> str:
    """A network or an address in CIDR form, not too wide."""
    try:
        network = ip_network(text.strip()[:100])
    except ValueError:
        raise ActionError("network", _("This is not a network such as 192.0.2.0/24 or 2001:db8::/32.")) from None
    if network.prefixlen < WIDEST[network.version]:
        raise ActionError("network", _("This network is too large for the list."))
    return str(network)


def _action(action: str) -> str:
    if action not in NetworkAction.values:
        raise ActionError("action", _("The action must be allow or refuse."))
    return action
