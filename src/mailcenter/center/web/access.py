"""Who may open a screen, and as whom a screen acts and reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from mailcenter.actions import Actor
from mailcenter.directory.models import Role, User
from mailcenter.directory.scope import Scope, scope_of

P = ParamSpec("P")

PLATFORM = (Role.OPERATOR, Role.SUPPORT)
TENANT_ADMINS = (Role.RESELLER, Role.DOMAIN_ADMIN)
MANAGERS = (Role.OPERATOR, *TENANT_ADMINS)
"""Those who change domains, mailboxes and aliases."""
READERS = (Role.SUPPORT, *MANAGERS)
"""Those who see domains, mailboxes and aliases."""
EVERYONE = tuple(Role)


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponse]


def only_for(*roles: Role) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let those roles in; others get the page that says so (403), and who is not signed in the login."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def checked(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(checked))

    return decorate


def actor_of(request: Request) -> Actor:
    """The signed-in user as the one who acts, by the web."""
    return Actor(user=request.user, via="web")


def scope_for(request: Request) -> Scope:
    """What this user may see: every read of a screen goes through it."""
    return scope_of(request.user)
