"""Bans of client networks by the operators: made, made longer, and lifted before their time."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, Unset, apply, audit, found
from mailcenter.actions.networks import a_network
from mailcenter.actions.rights import require_operator
from mailcenter.directory.models import Ban, BanCause, NetworkAction, NetworkEntry
from mailcenter.directory.scope import visible_bans

SHORTEST: Final = 60
LONGEST: Final = 30 * 86400
"""Seconds of a ban by hand; who is to be shut out for longer belongs on the list of networks."""


@transaction.atomic
def add_ban(*, actor: Actor, network: str, seconds: int, note: str | Unset = UNSET) -> Ban:
    """Shut a network out for so many seconds from now on; one that is banned already gets the new end.

    Raises:
        ActionError: it is no network, too wide, let through always, or the time is out of bounds.
    """
    require_operator(actor, "network")
    name = a_network(network)
    if not SHORTEST <= seconds <= LONGEST:
        raise ActionError("seconds", _("A ban lasts from one minute to thirty days."))
    _refuse_if_let_through(name)
    wanted = {"ends_at": timezone.now() + timedelta(seconds=seconds)}
    said = UNSET if note is UNSET else values.text(note, "note")
    _close_if_over(name)
    ban = Ban.objects.select_for_update().filter(network=name, ended_at=None).first()
    if ban is not None:
        before = ban.ends_at
        changes = apply(ban, {**wanted, "note": said})
        audit(actor, "ban.change", ban, {**changes, "ends_at": [before.isoformat(), ban.ends_at.isoformat()]})
        return ban
    ban = Ban(network=name, cause=BanCause.OPERATOR, note="" if said is UNSET else said, **wanted)
    ban.save()
    audit(actor, "ban.add", ban, {"network": name, "ends_at": ban.ends_at.isoformat()})
    return ban


@transaction.atomic
def lift_ban(*, actor: Actor, ban: Ban) -> str:
    """End a ban now; a message that says what was done.

    Raises:
        ActionError: it is over already.
    """
    ban = found(visible_bans(actor.scope), ban, "ban")
    require_operator(actor, "ban")
    if ban.ended_at is not None or ban.ends_at <= timezone.now():
        raise ActionError("ban", _("The ban of %(network)s is over already.") % {"network": ban.network})
    apply(ban, {"ended_at": timezone.now()})
    audit(actor, "ban.lift", ban, {"network": ban.network})
    return _("%(network)s is not banned any more.") % {"network": ban.network}


def _close_if_over(network: str) -> None:
    """One whose time is over may wait to be closed by the daemon."""
    Ban.objects.filter(network=network, ended_at=None, ends_at__lte=timezone.now()).update(ended_at=timezone.now())


def _refuse_if_let_through(name: str) -> None:
    network = ip_network(name)
    entries = NetworkEntry.objects.filter(action=NetworkAction.ALLOW).values_list("network", flat=True)
    let_through = [ip_network(entry) for entry in entries] + list(settings.MAILCENTER.smtp.always_pass)
    for other in let_through:
        if other.version == network.version and other.overlaps(network):
            raise ActionError("network", _("%(network)s is always let through.") % {"network": other})
