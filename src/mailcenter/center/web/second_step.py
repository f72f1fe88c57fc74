"""The second step of signing in: a code of the app, a recovery code, or a passkey. In between nobody is signed in."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mailcenter.actions.logins import GuardedLogin, guarded
from mailcenter.actions.second_step import has_second_factor, prove_code, prove_passkey
from mailcenter.center.web.client import client_address
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.proof import note_two_steps
from mailcenter.center.web.sign_in import sign_in
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import FactorKind, User
from mailcenter.directory.passkeys import begin_proving

SECONDS: Final = 5 * 60
"""So long the password holds; then the sign-in begins anew."""
TRIES: Final = 5
"""Wrong codes after which the password is asked for again."""
_PENDING, _STATE = "second_step", "second_step_passkey"


class CodeForm(Form):
    """A code, typed; or the browser's answer about a passkey."""

    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        max_length=64,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    passkey = forms.JSONField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Pending:
    """Who gave the right password, and where he wanted to."""

    user: User
    guess: str
    target: str


def begin_second_step(request: HttpRequest, user: User, guess: str, target: str) -> None:
    """Remember that the password was right; the session begins anew, so that nobody can have planted it."""
    request.session.flush()
    request.session[_PENDING] = {
        "user": user.pk,
        "stamp": user.get_session_auth_hash(),
        "backend": getattr(user, "backend", ""),
        "guess": guess,
        "target": target,
        "at": int(time.time()),
        "tries": 0,
    }


@sensitive_post_parameters("code", "passkey")
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Asks for the second factor, and signs in. Whose it is says the session; nobody is signed in yet."""
    with beyond_barrier():
        return _answer(request)


def _answer(request: HttpRequest) -> HttpResponse:
    pending = _pending(request)
    if pending is None:
        return redirect("login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _proved(request, pending, form):
            return _sign_in(request, pending)
        if _pending(request) is None:
            messages.error(request, gettext("That did not work out. Please begin again."))
            return redirect("login")
    return render(
        request, "center/second_step.html", {"form": form, "options": _passkey_options(request, pending.user)}
    )


def locked_words(seconds: int) -> str:
    """What is told to a network that has guessed too often."""
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many wrong passwords were tried from your address. Please wait %(minutes)d minute.",
        "Too many wrong passwords were tried from your address. Please wait %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _proved(request: HttpRequest, pending: Pending, form: CodeForm) -> bool:
    """Whether the step is done, else why not, in the form. To the guard wrong codes are guesses as passwords are."""
    code, passkey = form.cleaned_data["code"].strip(), form.cleaned_data["passkey"]
    if not code and not isinstance(passkey, dict):
        form.add_error("code", gettext("Please type the code."))
        return False
    attempt = guarded(pending.user.login, f"second step {code or json.dumps(passkey)}", client_address(request))
    if seconds := attempt.seconds_locked():
        form.add_error(None, locked_words(seconds))
        return False
    if isinstance(passkey, dict) and not code:
        state = request.session.pop(_STATE, None)
        right = state is not None and prove_passkey(pending.user, state, passkey)
        words = gettext("This passkey was not accepted.")
    else:
        right = prove_code(pending.user, code)
        words = gettext("This code is not right, or was used already.")
    if not right:
        attempt.report(success=False)
        _count_try(request)
        form.add_error("code", words)
    return right


def _sign_in(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Both steps are done: a new session, and the guard hears of the right password now."""
    backend = request.session[_PENDING]["backend"]
    GuardedLogin(pending.user.login.lower(), client_address(request), pending.guess).report(success=True)
    request.session.flush()
    sign_in(request, pending.user, backend=backend)
    note_two_steps(request)
    left = pending.user.recovery_codes.count()
    if left < 3:
        messages.warning(
            request,
            ngettext(
                "You have %(left)d recovery code left. Make new ones in your profile.",
                "You have %(left)d recovery codes left. Make new ones in your profile.",
                left,
            )
            % {"left": left},
        )
    return redirect(pending.target)


def _pending(request: HttpRequest) -> Pending | None:
    """Whose second step it is; None where there is none, it took too long, or the password was changed meanwhile."""
    kept: dict[str, Any] | None = request.session.get(_PENDING)
    if kept is None or not 0 <= time.time() - kept["at"] < SECONDS or kept["tries"] >= TRIES:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["stamp"] or not has_second_factor(user):
        return None
    return Pending(user, kept["guess"], kept["target"])


def _count_try(request: HttpRequest) -> None:
    request.session[_PENDING]["tries"] += 1
    request.session.modified = True


def _passkey_options(request: HttpRequest, user: User) -> dict[str, Any] | None:
    rows = user.second_factors.filter(kind=FactorKind.PASSKEY).values_list("credential", flat=True)
    if not rows:
        return None
    options, request.session[_STATE] = begin_proving([bytes(row) for row in rows])
    return options
