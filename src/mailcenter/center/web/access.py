"""Who may open a screen, and as whom a screen acts and reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from mailcenter.actions import Actor
from mailcenter.center.web.proof import has_two_steps
from mailcenter.center.web.sign_in import session_number
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
    behind: User | None
    """Who really sits there, where `user` is a customer that somebody of the provider is signed in as."""
    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponse]


def only_for(
    *roles: Role, before_setup: bool = False, himself: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let those roles in; others get the page that says so (403), and who is not signed in the login.

    Who must have a second factor and has none yet is led to set one up, except from pages with `before_setup`.
    Pages for `himself` are shut to somebody of the provider who is signed in as his customer.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def checked(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.role not in roles:
                raise PermissionDenied
            if himself and request.behind is not None:
                raise PermissionDenied
            if not before_setup and lacks_second_factor(request):
                return redirect("second-factor")
            return view(request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(checked))

    return decorate


def lacks_second_factor(request: Request) -> bool:
    """Whether this session began with a password alone although the role needs more, and nothing was set up since."""
    return (request.behind or request.user).role in settings.MAILCENTER.web.second_factor_roles and not has_two_steps(
        request
    )


def actor_of(request: Request) -> Actor:
    """The signed-in user as the one who acts, by the web."""
    return Actor(user=request.user, via="web", behind=request.behind, session=session_number(request))


def scope_for(request: Request) -> Scope:
    """What this user may see: every read of a screen goes through it."""
    return scope_of(request.user)
