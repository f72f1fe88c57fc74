"""Lockouts from logins: seen, lifted, and made by hand; the guard keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError, Actor, NotAllowedError, NotFoundError, audit_named
from mailcenter.actions.guard_client import GuardError, ask_guard
from mailcenter.actions.rights import is_operator, require_operator
from mailcenter.directory.models import Role
from mailcenter.guard.attempt import SERVICES
from mailcenter.policy.client_network import own_network

LONGEST: Final = 366 * 86400
"""Seconds of the longest lockout by hand."""


@dataclass(frozen=True)
class Lockout:
    """A network that may not log in to a service now; `guesses` 0: locked by hand."""

    service: str
    network: str
    since: datetime
    until: datetime
    guesses: int


def lockouts(actor: Actor) -> list[Lockout]:
    """Those in force, the next to end first.

    Raises:
        NotAllowedError: networks of all customers are the provider's matter.
        ActionError: the guard does not answer.
    """
    _require_provider(actor)
    now = datetime.now(UTC)
    return [
        Lockout(
            one["service"],
            one["network"],
            datetime.fromtimestamp(one["since"], UTC).replace(microsecond=0),
            (now + timedelta(seconds=one["left"])).replace(microsecond=0),
            one["guesses"],
        )
        for one in _ask("GET", "/lockouts")["lockouts"]
    ]


def lockouts_of(address: str) -> list[dict[str, Any]]:
    """What locks out a visitor's own address, as the guard tells it: for the page that needs no login.

    Raises:
        GuardError: the guard does not answer.
    """
    network = own_network(address)
    return [one for one in ask_guard("GET", "/lockouts")["lockouts"] if one["network"] == network]


def lift_lockout(*, actor: Actor, service: str, client: str) -> str:
    """Let a client's network log in to a service again; a message that says so."""
    require_operator(actor, "client")
    service, network = _service(service), _network(client)
    if not _ask("POST", "/lift", {"service": service, "network": network})["lifted"]:
        raise NotFoundError("client", _("%(network)s is not locked out.") % {"network": network})
    audit_named(actor, "lockout.lift", "lockout", network, {"service": service})
    return _("%(network)s may log in again (%(service)s).") % {"network": network, "service": service}


def lock_out(*, actor: Actor, service: str, client: str, seconds: int) -> str:
    """Lock a client's network out of a service for a while, or for longer than it is; a message that says so."""
    require_operator(actor, "client")
    service, network = _service(service), _network(client)
    if not 1 <= seconds <= LONGEST:
        raise ActionError("seconds", _("The time must be between 1 second and 366 days."))
    _ask("POST", "/lock", {"service": service, "network": network, "seconds": seconds})
    audit_named(actor, "lockout.lock", "lockout", network, {"service": service, "seconds": seconds})
    return _("%(network)s is locked out (%(service)s).") % {"network": network, "service": service}


def _require_provider(actor: Actor) -> None:
    user = actor.user
    if not is_operator(actor) and not (user is not None and user.is_active and user.role == Role.SUPPORT):
        raise NotAllowedError("", _("Only an operator or support may do this."))


def _ask(method: str, path: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        return ask_guard(method, path, said)
    except GuardError:
        raise ActionError("", _("The guard does not answer; logins are not guarded now.")) from None


def _service(service: str) -> str:
    if service not in SERVICES:
        raise ActionError("service", _("The service must be one of: %(all)s.") % {"all": ", ".join(SERVICES)})
    return service


def _network(text: str) -> str:
    try:
        return own_network(text.strip()[:100].removesuffix("/64").removesuffix("/32"))
    except ValueError:
        raise ActionError("client", _("This is neither an address nor an IPv6 /64.")) from None
