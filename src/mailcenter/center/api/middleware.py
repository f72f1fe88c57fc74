"""Errors below the API's address that no operation of it has made: an unknown path, a wrong method, a wrong host."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from mailcenter.center.api.problems import CONTENT_TYPE, problem

_PREFIX = "/api/"


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
        told = problem(status, status.description or status.phrase)
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told
