"""What all pages for strangers share: no login, no cookie, the language of the browser or of the address (`lang`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

LANGUAGE = "lang"
"""The parameter of the switch: an address that can be sent on shows the other what one saw."""


def in_its_language(view: View[P]) -> View[P]:
    """Answer in the language that the address names, else in the browser's."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        language = request.GET.get(LANGUAGE, "")
        if language not in dict(settings.LANGUAGES):
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return shown


def public(view: View[P]) -> View[P]:
    """A page that only shows something."""
    return in_its_language(require_safe(view))
