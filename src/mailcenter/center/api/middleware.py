"""Errors below the API's address that no operation of it has made: an unknown path, a wrong method, a wrong host."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mailcenter.center.api.problems import CONTENT_TYPE, problem

_PREFIX: Final = "/api/"
_REQUEST: Final = gettext_noop("This request cannot be answered: see the description of the API.")
_FAILED: Final = gettext_noop("This failed on our side; please try again later.")
_DETAILS: Final = {
    HTTPStatus.NOT_FOUND: gettext_noop("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: gettext_noop("This address does not take this method."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext_noop("The request is too large."),
}


class ProblemMiddleware:
    """Makes problem documents of them (RFC 9457): programs do not read pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith(_PREFIX):
            return response
        if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        status = HTTPStatus(response.status_code)
        with translation.override(translation.get_language_from_request(request)):
            told = problem(status, _(_DETAILS.get(status, _FAILED if status >= 500 else _REQUEST)))
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told
