"""The form by which a postmaster reports a wrong refusal, for strangers."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from mailcenter.actions.reports import LONGEST_MESSAGE, file_report
from mailcenter.actions.values import LONGEST_NAME
from mailcenter.center.templatetags.center import public_url
from mailcenter.center.web import robots
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.public import in_its_language, public
from mailcenter.center.web.refusals import explained
from mailcenter.center.web.texts import lazy_format
from mailcenter.directory.models import RefusalReport
from mailcenter.ledger.refusal import Refusal, refusal_of

_PREFIX: Final = {4: 24, 6: 56}
"""A network that reports are counted for: what one site or customer mostly has."""


class ReportForm(Form):
    """Who reports, and what is wrong about the refusal."""

    reporter_name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reporter_email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=320,
        help_text=_("Our answer goes there; nobody else gets it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = forms.CharField(
        label=_("Why is the refusal wrong?"),
        max_length=LONGEST_MESSAGE,
        help_text=_("What you sent, for whom, and what you have checked or changed already."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    total = forms.CharField(
        required=False,
        max_length=12,
        help_text=_("So that no program fills in this form."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    challenge = forms.CharField(required=False, max_length=robots.LONGEST, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reference: str, network: str, started_at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reference, self._network, self._started_at = reference, network, started_at
        given = self.data.get("challenge", "")
        self.in_force: str = given if robots.is_valid(given, reference) else robots.challenge_for(reference)
        first, second = robots.numbers(self.in_force)
        self.fields["total"].label = lazy_format(
            _("How much is %(first)d plus %(second)d?"), first=first, second=second
        )
        self.initial["challenge"] = self.in_force

    def clean(self) -> dict[str, Any]:
        """The check against robots; its fields are no business of the action."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        solution = robots.Solution(
            challenge=values.pop("challenge", ""),
            proof=values.pop("proof", ""),
            total=values.pop("total", ""),
            trap=values.pop("website", ""),
        )
        objection = robots.objection(solution, self._reference)
        if objection:
            self.add_error(None, objection)
        return {
            **values,
            "reference": self._reference,
            "started_at": self._started_at,
            "network": self._network,
            "language": translation.get_language() or "",
        }


@in_its_language
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """The form, beside what it is about; for refusals alone."""
    refusal = _known(reference)
    given = request.POST.copy() if request.method == "POST" else None
    network = network_of(request.headers.get("X-Real-IP", ""))
    form = ReportForm(given, reference=refusal.reference, network=network, started_at=refusal.started_at)
    if given is not None:
        if form.run(_file):
            return HttpResponseRedirect(public_url({"request": request}, "refusal-reported", refusal.reference))
        if given.get("challenge") != form.in_force:
            given["challenge"], given["proof"] = form.in_force, ""
    context = {"refusal": refusal, "replies": explained(refusal), "form": form, "zero_bits": robots.ZERO_BITS}
    return render(request, "center/refusals/report.html", context)


def _file(values: dict[str, Any]) -> RefusalReport:
    return file_report(**values)


@public
def thanks(request: HttpRequest, reference: str) -> HttpResponse:
    """After the form: what happens next."""
    return render(request, "center/refusals/reported.html", {"refusal": _known(reference)})


def network_of(address: str) -> str:
    """The network that a report's limit counts, empty where the address is not known."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, _PREFIX[parsed.version]), strict=False))


def _known(reference: str) -> Refusal:
    refusal = refusal_of(reference)
    if refusal is None or not refusal.told:
        raise Http404
    return refusal
