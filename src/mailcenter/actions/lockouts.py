"""Lockouts from logins: seen, lifted, and made by hand; the guard keeps them.

Operators and support see and lift all; everybody else those of networks from which he logged in himself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError, Actor, NotAllowedError, NotFoundError, audit_named
from mailcenter.actions.guard_client import GuardError, ask_guard
from mailcenter.actions.rights import is_operator
from mailcenter.directory.models import AuditEntry, LoginResult, Role
from mailcenter.directory.scope import visible_logins
from mailcenter.guard.attempt import SERVICES
from mailcenter.policy.client_network import own_network

LONGEST: Final = 366 * 86400
"""Seconds of the longest lockout by hand."""
OWN_LIFTS: Final = 5
"""Lockouts that somebody may lift for himself in a day: who had a stolen password would else guess on for ever."""


@dataclass(frozen=True)
class Lockout:
    """A network that may not log in to a service now; `guesses` 0: locked by hand."""

    service: str
    network: str
    since: datetime
    until: datetime
    guesses: int


def lockouts(actor: Actor) -> list[Lockout]:
    """Those in force that concern him, the next to end first.

    Raises:
        ActionError: the guard does not answer.
    """
    now = datetime.now(UTC)
    mine = None if is_provider(actor) else _own_networks(actor)
    if mine is not None and not mine:
        return []
    return [
        Lockout(
            one["service"],
            one["network"],
            datetime.fromtimestamp(one["since"], UTC).replace(microsecond=0),
            (now + timedelta(seconds=one["left"])).replace(microsecond=0),
            one["guesses"],
        )
        for one in _ask("GET", "/lockouts")["lockouts"]
        if mine is None or one["network"] in mine
    ]


def lockouts_of(address: str) -> list[dict[str, Any]]:
    """What locks out a visitor's own address, as the guard tells it: for the page that needs no login.

    Raises:
        GuardError: the guard does not answer.
    """
    network = own_network(address)
    return [one for one in ask_guard("GET", "/lockouts")["lockouts"] if one["network"] == network]


def lift_lockout(*, actor: Actor, service: str, client: str) -> str:
    """Let a client's network log in to a service again; a message that says so.

    Raises:
        ActionError: it is none of his networks, he lifted too many today, or there is no such lockout.
    """
    service, network = _service(service), client_network(client)
    provider = is_provider(actor)
    if not provider:
        _require_own(actor, network)
    said = {"service": service, "network": network, "forgive": provider}
    if not _ask("POST", "/lift", said)["lifted"]:
        raise ActionError("client", _("%(network)s is not locked out.") % {"network": network})
    audit_named(actor, "lockout.lift", "lockout", network, {"service": service})
    return _("%(network)s may log in again (%(service)s).") % {"network": network, "service": service}


def lock_out(*, actor: Actor, service: str, client: str, seconds: int) -> str:
    """Lock a client's network out of a service for a while, or for longer than it is; a message that says so."""
    if not is_provider(actor):
        raise NotAllowedError("client", _("Only an operator or support may do this."))
    service, network = _service(service), client_network(client)
    if not 1 <= seconds <= LONGEST:
        raise ActionError("seconds", _("The time must be between 1 second and 366 days."))
    _ask("POST", "/lock", {"service": service, "network": network, "seconds": seconds})
    audit_named(actor, "lockout.lock", "lockout", network, {"service": service, "seconds": seconds})
    return _("%(network)s is locked out (%(service)s).") % {"network": network, "service": service}


def is_provider(actor: Actor) -> bool:
    """Whether all networks are his matter: operators and support."""
    user = actor.user
    return is_operator(actor) or (user is not None and user.is_active and user.role == Role.SUPPORT)


def _own_networks(actor: Actor) -> set[str]:
    if actor.user is None or not actor.user.is_active:
        return set()
    own = visible_logins(actor.scope).filter(user=actor.user, result=LoginResult.GOOD)
    return set(own.order_by().values_list("network", flat=True).distinct())


def _require_own(actor: Actor, network: str) -> None:
    if network not in _own_networks(actor):
        raise NotFoundError("client", _("You never signed in from %(network)s.") % {"network": network})
    since = datetime.now(UTC) - timedelta(days=1)
    lifted = AuditEntry.objects.filter(acting_user=actor.user, action="lockout.lift", at__gt=since).count()
    if lifted >= OWN_LIFTS:
        raise NotAllowedError("client", _("You have lifted several lockouts today; this one ends by itself."))


def _ask(method: str, path: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        return ask_guard(method, path, said)
    except GuardError:
        raise ActionError("", _("The guard does not answer; logins are not guarded now.")) from None


def _service(service: str) -> str:
    if service not in SERVICES:
        raise ActionError("service", _("The service must be one of: %(all)s.") % {"all": ", ".join(SERVICES)})
    return service


def client_network(text: str) -> str:
    """What is locked out with this address: itself, or its IPv6 /64.

    Raises:
        ActionError: it is no address.
    """
    try:
        return own_network(text.strip()[:100].removesuffix("/64").removesuffix("/32"))
    except ValueError:
        raise ActionError("client", _("This is neither an address nor an IPv6 /64.")) from None
