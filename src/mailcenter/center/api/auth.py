"""Who asks: an API key, and with it the user whose rights it has."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBearer

from mailcenter.actions import Actor
from mailcenter.actions.api_keys import SCOPES, TOKEN_START, digest, may_be_used_from
from mailcenter.actions.passwords import must_change
from mailcenter.center.web.client import client_address
from mailcenter.directory.barrier import beyond_barrier, enter
from mailcenter.directory.models import ApiKey
from mailcenter.directory.scope import Scope, scope_of

LONGEST_TOKEN = 200
_USE_NOTED_EVERY = timedelta(minutes=1)  # not a write per request


@dataclass(frozen=True)
class Caller:
    """The key of a request."""

    key: ApiKey

    @property
    def actor(self) -> Actor:
        return Actor(user=self.key.user, via="api")

    @cached_property
    def scope(self) -> Scope:
        """What the key's user sees."""
        return scope_of(self.key.user)


class KeyRequest(HttpRequest):
    """A request that passed `ApiKeyAuth`."""

    auth: Caller


class ApiKeyAuth(HttpBearer):
    """Lets keys through that have the scope of the operation; without a scope every valid key."""

    def __init__(self, scope: str = "") -> None:
        if scope and scope not in SCOPES:
            raise ValueError(f"there is no scope {scope}")
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        with beyond_barrier():
            key = valid_key(token)
        if key is None:
            return None
        enter(scope_of(key.user))
        address = client_address(request)
        if not may_be_used_from(key, address):
            raise HttpError(
                HTTPStatus.FORBIDDEN, _("This key may not be used from %(address)s.") % {"address": address}
            )
        _note_use(key, address)
        if must_change(key.user):
            raise HttpError(
                HTTPStatus.FORBIDDEN,
                _("The password of this key's user is too easy to guess; it must be changed first."),
            )
        if self.scope and self.scope not in key.scopes:
            raise HttpError(HTTPStatus.FORBIDDEN, _("This key lacks the scope %(scope)s.") % {"scope": self.scope})
        return Caller(key)


def valid_key(token: str) -> ApiKey | None:
    """The key of a token, when it is right, has not ended, and its user may log in."""
    start, _separator, secret = token.removeprefix(TOKEN_START).partition("_")
    if (
        not token.startswith(TOKEN_START)
        or len(token) > LONGEST_TOKEN
        or not token.isascii()
        or not token.isprintable()
    ):
        return None
    now = timezone.now()
    living = ApiKey.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), user__is_active=True)
    key = living.filter(prefix=start).select_related("user", "user__organisation").first()
    # Compared in any case, so that the time does not tell whether the prefix exists.
    right = hmac.compare_digest(digest(secret), key.hash if key else digest(""))
    if key is None or not right:
        return None
    return key


def _note_use(key: ApiKey, address: str) -> None:
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > _USE_NOTED_EVERY or key.last_used_from != address:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_used_from=address)
