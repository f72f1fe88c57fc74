"""One's own second factors: the list, an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from typing import Any, Final

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from mailcenter.actions import second_factors
from mailcenter.center.web.access import EVERYONE, Request, actor_of, lacks_second_factor, only_for
from mailcenter.center.web.forms.second_factor import AppForm, OwnerForm, PasskeyForm
from mailcenter.center.web.proof import note_two_steps
from mailcenter.directory import totp
from mailcenter.directory.models import FactorKind, SecondFactor
from mailcenter.directory.passkeys import PasskeyError, begin_adding, finish_adding, rp_id

_SECRET, _STATE = "totp_secret", "passkey_state"
_LEAST_CODES: Final = 3


@only_for(*EVERYONE, before_setup=True, himself=True)
def index(request: Request) -> HttpResponse:
    """What is set up; and what to do for those who must set one up."""
    factors = list(request.user.second_factors.all())
    return render(
        request,
        "center/second_factor/list.html",
        {
            "factors": factors,
            "app": next((factor for factor in factors if factor.kind == FactorKind.TOTP), None),
            "codes": request.user.recovery_codes.count(),
            "least_codes": _LEAST_CODES,
            "must": lacks_second_factor(request),
            "passkeys_here": request.get_host().partition(":")[0] == rp_id(),
        },
    )


@sensitive_post_parameters()
@never_cache
@only_for(*EVERYONE, before_setup=True, himself=True)
def add_app(request: Request) -> HttpResponse:
    """The secret as QR code and as text, and the code that proves the app has it."""
    secret: str = request.session.setdefault(_SECRET, totp.new_secret())
    form = AppForm(request, request.user)
    if request.method == "POST" and form.is_valid():
        if totp.matching_step(secret, form.cleaned_data["code"], timezone.now()) is None:
            form.add_error("code", _("This code is not right. Are date and time of the device right?"))
        elif form.run(
            lambda _values: second_factors.add_totp(actor=actor_of(request), user=request.user, secret=secret)
        ):
            del request.session[_SECRET]
            return _added(request, _("The app is set up."))
    uri = totp.uri(secret, request.user.login, settings.MAILCENTER.host_name)
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=2, light="white")
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render(
        request, "center/second_factor/app.html", {"form": form, "secret": spaced, "picture": picture, "uri": uri}
    )


@sensitive_post_parameters()
@never_cache
@only_for(*EVERYONE, before_setup=True, himself=True)
def add_passkey(request: Request) -> HttpResponse:
    """The browser makes the key pair (passkey.js); we keep the public key."""
    form = PasskeyForm(request, request.user)
    if request.method == "POST" and form.is_valid():
        state = request.session.pop(_STATE, None)

        def deed(values: dict[str, Any]) -> SecondFactor:
            credential = finish_adding(state or {}, values["passkey"] or {})
            return second_factors.add_passkey(
                actor=actor_of(request), user=request.user, credential=credential, name=values["name"]
            )

        try:
            if form.run(deed):
                return _added(request, _("The passkey is set up."))
        except PasskeyError:
            form.add_error(None, _("The browser made no passkey. Please try once more."))
    known = request.user.second_factors.filter(kind=FactorKind.PASSKEY).values_list("credential", flat=True)
    options, request.session[_STATE] = begin_adding(request.user, [bytes(credential) for credential in known])
    return render(request, "center/second_factor/passkey.html", {"form": form, "options": options})


@sensitive_post_parameters()
@never_cache
@only_for(*EVERYONE, before_setup=True, himself=True)
def codes(request: Request) -> HttpResponse:
    """New recovery codes, after a question: those before end."""
    form = OwnerForm(request, request.user)
    if request.method == "POST":
        made = form.run(lambda _values: second_factors.make_recovery_codes(actor=actor_of(request), user=request.user))
        if made:
            return _show_codes(request, made)
    return render(
        request, "center/second_factor/codes.html", {"form": form, "left": request.user.recovery_codes.count()}
    )


@sensitive_post_parameters()
@only_for(*EVERYONE, himself=True)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then removes an app or a passkey."""
    factor = get_object_or_404(request.user.second_factors, pk=pk)
    form = OwnerForm(request, request.user)
    if request.method == "POST":
        done = form.run(
            lambda _values: second_factors.remove_second_factor(actor=actor_of(request), second_factor=factor)
        )
        if done:
            messages.success(request, done)
            return redirect("second-factor")
    last = request.user.second_factors.count() == 1
    return render(request, "center/second_factor/remove.html", {"form": form, "factor": factor, "last": last})


def _added(request: Request, words: str) -> HttpResponse:
    """The session counts as one of two steps; with the first factor come recovery codes."""
    note_two_steps(request)
    messages.success(request, words)
    if request.user.recovery_codes.exists():
        return redirect("second-factor")
    return _show_codes(request, second_factors.make_recovery_codes(actor=actor_of(request), user=request.user))


def _show_codes(request: Request, made: list[str]) -> HttpResponse:
    return render(request, "center/second_factor/made.html", {"codes": made, "secret": "\n".join(made)})
