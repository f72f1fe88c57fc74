"""A session begins: who, when, from where, with which browser, and how long it may be idle."""

from __future__ import annotations

import time

from django.contrib import auth
from django.http import HttpRequest

from mailcenter.center.web.client import client_address
from mailcenter.center.web.proof import note_proof
from mailcenter.directory.models import User
from mailcenter.directory.sessions import ADDRESS, AGENT, BEGUN, IDLE, forget_ended, idle_seconds, number_of

LONGEST_AGENT = 400


def sign_in(request: HttpRequest, user: User, backend: str = "") -> None:
    """The user has proved all that is asked of him."""
    forget_ended()
    auth.login(request, user, backend=backend or None)
    agent = "".join(sign for sign in request.headers.get("User-Agent", "") if sign.isprintable())
    request.session[BEGUN] = int(time.time())
    request.session[ADDRESS] = client_address(request)
    request.session[AGENT] = agent[:LONGEST_AGENT]
    request.session[IDLE] = idle_seconds(user.role)
    note_proof(request)


def session_number(request: HttpRequest) -> int:
    """The number of this session; 0 before there is one."""
    key = request.session.session_key
    return number_of(key) if key else 0
