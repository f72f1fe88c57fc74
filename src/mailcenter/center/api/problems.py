"""Errors as problem details (RFC 9457): what is wrong, and at which field; never a traceback."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from mailcenter.actions import ActionError, NotAllowedError, NotFoundError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
_PLACES = {"body", "query", "path", "header", "cookie", "form"}


def problem(status: HTTPStatus, detail: str, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """A problem document; `errors` holds `{"field": …, "detail": …}` for each field at fault."""
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    if errors:
        body |= {"field": errors[0]["field"], "errors": errors}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def handle_problems(api: NinjaAPI) -> None:
    """Make every error of this API a problem document.

    The handlers take Any because the framework's type of an error is "an exception or its class".
    """
    api.add_exception_handler(ActionError, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unauthorised)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(Exception, _broken)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, NotFoundError):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(error, NotAllowedError):
        status = HTTPStatus.FORBIDDEN
    errors = [{"field": error.field, "detail": error.message}] if error.field else None
    return problem(status, error.message, errors)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"field": _field(fault["loc"]), "detail": str(fault["msg"])} for fault in error.errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Some of the values cannot be used."), errors)


def _field(location: tuple[str | int, ...]) -> str:
    """`("body", "body", "address")` is the field `address`: the rest is of no use to the caller."""
    parts = [str(part) for part in location]
    if parts and parts[0] in _PLACES:
        parts = parts[2:] if parts[0] == "body" and len(parts) > 2 else parts[1:]
    return ".".join(parts)


def _unauthorised(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(HTTPStatus.UNAUTHORIZED, _("A valid API key is needed: Authorization: Bearer mc_…"))
    response.headers["WWW-Authenticate"] = 'Bearer realm="Mailcenter"'  # RFC 6750 section 3
    return response


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus(error.status_code), error.message)


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request is too large."))


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    """Our fault: for the log the traceback, for the caller that it failed, for the database nothing done."""
    logger.exception("%s %s failed", request.method, request.path)
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("This failed on our side; please try again later."))
