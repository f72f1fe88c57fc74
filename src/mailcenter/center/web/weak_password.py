"""Who has a weak password: he is told on every page, and after the last day he changes it before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.urls.exceptions import Resolver404

from mailcenter.actions.passwords import must_change
from mailcenter.directory.models import User

ALWAYS: Final = frozenset(
    {"profile-password", "logout", "login", "language", "locked", "refusal", "replies", "reply", "healthz"}
)
"""What is open all the same: the change itself, the way out, and what needs no login."""


class WeakPasswordMiddleware:
    """After authentication; the API has keys of its own and is refused there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        himself = getattr(request, "behind", None) is None  # a customer's password is no concern of who helps him
        if isinstance(request.user, User) and himself and _name(request) not in ALWAYS:
            with transaction.atomic():  # as whom the database is asked, is told to transactions
                late = must_change(request.user)
            if late:
                return redirect("profile-password")
        return self.get_response(request)


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""
