"""API keys: made once, shown once, removed. A key acts with the rights of its user, within its scopes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import ActionError, Actor, NotAllowedError, apply, audit, found
from mailcenter.actions.rights import is_oneself, is_operator, require_himself
from mailcenter.directory.models import ApiKey, User
from mailcenter.directory.scope import visible_api_keys, visible_users

SCOPES: Final = (
    "organisations:read",
    "organisations:write",
    "domains:read",
    "domains:write",
    "mailboxes:read",
    "mailboxes:write",
    "aliases:read",
    "aliases:write",
    "users:read",
    "users:write",
    "lists:read",
    "lists:write",
    "logins:read",
    "logins:write",
    "gate:read",
    "gate:write",
    "ledger:read",
    "audit:read",
)
MOST_NETWORKS: Final = 50
TOKEN_START: Final = "mc_"  # noqa: S105 - only marks what follows as a key of ours


def digest(secret: str) -> str:
    """What is kept of a secret. It is 256 random bits, so a fast hash without salt is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_api_key(
    *,
    actor: Actor,
    user: User,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    networks: Iterable[str] = (),
) -> tuple[ApiKey, str]:
    """Make a key for oneself, or as operator for anybody; the key and its token, which is shown this once.

    With `networks` it can be used from these addresses only.

    Raises:
        ActionError: naming the argument at fault.
    """
    require_himself(actor)
    user = found(visible_users(actor.scope), user, "user")
    if not is_oneself(actor, user) and not is_operator(actor):
        raise NotAllowedError("user", _("You may make keys for yourself only."))
    wanted = set(scopes)
    if not wanted or not wanted.issubset(SCOPES):
        raise ActionError("scopes", _("Give one or more of these scopes: %(scopes)s.") % {"scopes": ", ".join(SCOPES)})
    if expires_at is not None and expires_at <= timezone.now():
        raise ActionError("expires_at", _("The end must lie in the future."))
    secret = secrets.token_hex(32)
    key = ApiKey.objects.create(
        user=user,
        name=values.text(name, "name", longest=100, required=True),
        prefix=secrets.token_hex(6),
        hash=digest(secret),
        scopes=[scope for scope in SCOPES if scope in wanted],
        expires_at=expires_at,
        networks=_networks(networks),
    )
    ends = expires_at.isoformat() if expires_at else None
    audit(
        actor,
        "api_key.create",
        key,
        {"prefix": key.prefix, "scopes": key.scopes, "expires_at": ends, "networks": key.networks},
    )
    return key, f"{TOKEN_START}{key.prefix}_{secret}"


@transaction.atomic
def change_api_key(*, actor: Actor, api_key: ApiKey, name: str) -> ApiKey:
    """Rename a key. What it may do never changes."""
    key = _own(actor, api_key)
    changes = apply(key, {"name": values.text(name, "name", longest=100, required=True)})
    if changes:
        audit(actor, "api_key.change", key, changes)
    return key


@transaction.atomic
def remove_api_key(*, actor: Actor, api_key: ApiKey) -> str:
    """Remove one's own key, or as operator anybody's; it stops working at once. A message that says what was done."""
    key = _own(actor, api_key)
    audit(actor, "api_key.remove", key, {"prefix": key.prefix, "name": key.name})
    key.delete()
    return _("API key %(name)s is removed.") % {"name": key.name}


def may_be_used_from(key: ApiKey, address: str) -> bool:
    """Whether this address is in the key's networks. What is no address is in none."""
    if not key.networks:
        return True
    try:
        client = ip_address(address)
    except ValueError:
        return False
    client = getattr(client, "ipv4_mapped", None) or client
    return any(client in ip_network(network) for network in key.networks)


def _networks(given: Iterable[str]) -> list[str]:
    networks: list[str] = []
    for text in given:
        try:
            network = str(ip_network(text.strip()[:100], strict=False))
        except ValueError:
            raise ActionError("networks", _("%(text)s is no address or network.") % {"text": text[:100]}) from None
        if network not in networks:
            networks.append(network)
    if len(networks) > MOST_NETWORKS:
        raise ActionError("networks", _("At most %(most)d networks, please.") % {"most": MOST_NETWORKS})
    return networks


def _own(actor: Actor, api_key: ApiKey) -> ApiKey:
    require_himself(actor, "api_key")
    key = found(visible_api_keys(actor.scope), api_key, "api_key")
    if not is_oneself(actor, key.user) and not is_operator(actor):
        raise NotAllowedError("api_key", _("You may change your own keys only."))
    return key
