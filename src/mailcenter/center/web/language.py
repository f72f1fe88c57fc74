"""The language of a screen: the user's own setting, else the cookie of the switch, else what the browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mailcenter.actions import Actor, users
from mailcenter.directory.models import User

COOKIE = settings.LANGUAGE_COOKIE_NAME
COOKIE_SECONDS = 365 * 24 * 3600


class LanguageMiddleware:
    """Stands after the authentication middleware, because the user's setting comes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """`de` or `en`."""
    known = dict(settings.LANGUAGES)
    if isinstance(request.user, User) and request.user.language in known:
        return request.user.language
    return translation.get_language_from_request(request)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """The switch in the header: remembered in a cookie, and for a user as his setting. Back to where he was."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(_safe_target(request))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(COOKIE, language, max_age=COOKIE_SECONDS, secure=True, httponly=True, samesite="Lax")
        person = getattr(request, "behind", None) or request.user
        if isinstance(person, User) and person.language != language:
            users.change_user(actor=Actor(user=person, via="web"), user=person, language=language)
    return response


def _safe_target(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url("start")
