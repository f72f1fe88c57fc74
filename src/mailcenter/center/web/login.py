"""Signing in and out: one door for operators, support, domain administrators and mailbox owners."""

from __future__ import annotations

from django import forms
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mailcenter.actions.logins import GuardedLogin, guarded
from mailcenter.actions.passwords import note_strength
from mailcenter.actions.second_step import has_second_factor
from mailcenter.center.web.acting import end_visit
from mailcenter.center.web.client import client_address
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.second_step import begin_second_step, locked_words
from mailcenter.center.web.sign_in import sign_in
from mailcenter.directory.models import User

LONGEST_PASSWORD = 256
"""Characters; a longer one is refused before it is hashed."""


class LoginForm(Form):
    """Login and password; which of the two was wrong is never told."""

    login = forms.CharField(
        label=_("E-mail address or user name"),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The form, and the login. An unknown login costs the same hashing as a known one (Django's ModelBackend)."""
    if request.user.is_authenticated:
        return redirect(_target(request))
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        signed_in = _authenticate(request, form)
        if signed_in is not None:
            user, attempt = signed_in
            note_strength(user, form.cleaned_data["password"])
            return _go_on(request, user, attempt)
    return render(request, "center/login.html", {"form": form, "next": request.GET.get("next", "")})


def _authenticate(request: HttpRequest, form: LoginForm) -> tuple[User, GuardedLogin] | None:
    """The user, or None with the reason in the form; a network that has guessed too often is not listened to."""
    login, password = form.cleaned_data["login"], form.cleaned_data["password"]
    attempt = guarded(login, password, client_address(request))
    if seconds := attempt.seconds_locked():
        form.add_error(None, locked_words(seconds))
        return None
    user = auth.authenticate(request, username=login, password=password)
    if user is None:
        attempt.report(success=False)
        form.add_error(None, gettext("The login or the password is not right."))
        if "@" not in login:
            form.add_error("login", gettext("The login of a mailbox is its whole e-mail address."))
        return None
    return user, attempt


def _go_on(request: HttpRequest, user: User, attempt: GuardedLogin) -> HttpResponse:
    """In, or on to the second step; the guard hears of success after that, so that guesses at codes count."""
    if has_second_factor(user):
        begin_second_step(request, user, attempt.guess, _target(request))
        return redirect("second-step")
    attempt.report(success=True)
    sign_in(request, user)
    return redirect(_target(request))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session; only by POST, so that no foreign link can do it."""
    end_visit(request)
    auth.logout(request)
    return redirect("login")


def _target(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return "start"
