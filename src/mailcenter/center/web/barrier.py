"""The barrier between tenants at the center's door: who asks is found out, and from then on asks as himself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse

from mailcenter.directory.barrier import acting, beyond_barrier, enter
from mailcenter.directory.models import User
from mailcenter.directory.scope import Scope, scope_of


class BarrierMiddleware:
    """Stands after the authentication middleware. Strangers see no tenant's rows at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(_scope(request)):
            return self.get_response(request)


class Backend(ModelBackend):
    """Logins and sessions: who somebody is must be found among all."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:  # type: ignore[override] # the base class names them
        """The user, who from now on asks as himself, or None."""
        with beyond_barrier():
            user = super().authenticate(request, **credentials)
        if not isinstance(user, User):
            return None
        enter(scope_of(user))
        return user

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session."""
        with beyond_barrier():
            user = super().get_user(user_id)
        return user if isinstance(user, User) else None


def _scope(request: HttpRequest) -> Scope | None:
    return scope_of(request.user) if isinstance(request.user, User) else None
