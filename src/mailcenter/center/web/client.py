"""Who asks: the visitor's address, as nginx saw it."""

from __future__ import annotations

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address; only nginx reaches our socket, and it writes this header itself."""
    return str(request.META.get("HTTP_X_REAL_IP", ""))
