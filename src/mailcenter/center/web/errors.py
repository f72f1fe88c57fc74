"""The pages for what cannot be shown: not signed in long enough, not allowed, not there, our own fault."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but this page is for others."""
    return _page(
        request,
        403,
        _("This page is not for your account"),
        _("Your account may not open this page. If you think it should, ask the person who manages your accounts."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or what it would show belongs to somebody else."""
    return _page(
        request,
        404,
        _("Page not found"),
        _("There is nothing here. It may have been removed, or the address may be mistyped."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the traceback is in the log and never here.

    Perhaps the database is what failed, so nothing is asked of it: no session, no user, no menu.
    """
    language = translation.get_language_from_request(request)
    with translation.override(language):
        context = {
            "title": _("Something went wrong on our side"),
            "text": _(
                "Nothing you did is at fault. Please try again in a moment; if it happens again, tell your support "
                "what you were doing and at what time."
            ),
            "status": 500,
            "language": language,
            "host_name": settings.MAILCENTER.host_name,
        }
        return HttpResponse(render_to_string("center/error.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token: mostly a page left open for very long."""
    return _page(
        request,
        403,
        _("This form has expired"),
        _(
            "For your safety a form can be sent only for a while after it was opened. Go back, load the page again "
            "and repeat your entry. Cookies must be allowed."
        ),
    )


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "center/error.html", {"title": title, "text": text, "status": status}, status=status)
