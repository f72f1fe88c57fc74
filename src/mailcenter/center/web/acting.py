"""While somebody of the provider is signed in as a customer, requests are the customer's, and he stands behind them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from mailcenter.actions import ActionError, Actor
from mailcenter.actions.acting import begin_acting, customer_of, end_acting
from mailcenter.center.web.access import Request
from mailcenter.directory.barrier import acting, beyond_barrier
from mailcenter.directory.models import User
from mailcenter.directory.scope import scope_of

_CUSTOMER = "acting_as"


class ActingMiddleware:
    """Stands after authentication and language, which are those of the person himself. Asks anew at each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("Request", request)
        asked.behind = None
        pk = request.session.get(_CUSTOMER)
        if pk is not None and isinstance(request.user, User):
            with transaction.atomic():  # as whom the database is asked, is told to transactions
                customer = customer_of(request.user, pk)
            if customer is None:
                del request.session[_CUSTOMER]
            else:
                asked.behind, asked.user = request.user, customer
                with acting(scope_of(customer)):
                    return self.get_response(request)
        return self.get_response(request)


def begin_visit(request: Request, customer: User) -> None:
    """From the next request on the customer is the user.

    Raises:
        ActionError: he may not.
    """
    request.session[_CUSTOMER] = begin_acting(actor=Actor(user=request.user, via="web"), user=customer).pk


def end_visit(request: HttpRequest) -> None:
    """From the next request on the person is himself again; nothing happens where he is already."""
    person = getattr(request, "behind", None)
    if person is None or not isinstance(request.user, User):
        return
    with beyond_barrier():
        scope = scope_of(person)
    with acting(scope), suppress(ActionError):  # forbidden meanwhile; the way back is open all the same
        end_acting(actor=Actor(user=person, via="web"), user=request.user)
    del request.session[_CUSTOMER]
