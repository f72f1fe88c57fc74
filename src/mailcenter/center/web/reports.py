"""Reports of wrong refusals, for the platform's people: read beside the ledger, answered, allowed, rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions.base import ActionError
from mailcenter.actions.reports import LONGEST_MESSAGE, answer_report, reopen_report, resend_answer
from mailcenter.center.web.access import PLATFORM, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import paged
from mailcenter.center.web.story import context_of
from mailcenter.directory.models import RefusalReport, ReportStatus
from mailcenter.directory.scope import visible_reports
from mailcenter.ledger.queries import story
from mailcenter.ledger.story import Story

ANSWER, ALLOW_SENDER, ALLOW_NETWORK, REJECT = "answer", "allow-sender", "allow-network", "reject"
REOPEN, RESEND = "reopen", "resend"
STATUS_OF: Final = {
    ANSWER: ReportStatus.ANSWERED,
    ALLOW_SENDER: ReportStatus.ALLOWED,
    ALLOW_NETWORK: ReportStatus.ALLOWED,
    REJECT: ReportStatus.REJECTED,
}
STANDARD_TEXTS: Final = {
    ALLOW_SENDER: _(
        "You are right, and we have put this sender on the list of allowed ones. Please send the mail again."
    ),
    ALLOW_NETWORK: _(
        "You are right, and we have put your server on the list of allowed ones. Please send the mail again."
    ),
    REJECT: _(
        "We have looked at the mail and its way, and the refusal was right. Please follow the hints on its page."
    ),
}
"""What the postmaster reads where the operator writes nothing himself."""


class AnswerForm(Form):
    """The operator's words, and the deed by the button that was pressed."""

    answer = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=LONGEST_MESSAGE,
        help_text=_(
            "Goes to the postmaster by mail. "
            "Left empty, allowing and rejecting send a standard text in the report's language."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    sender = forms.CharField(
        label=_("Sender to be allowed"),
        required=False,
        max_length=330,
        help_text=_("An address, a domain, or *.domain for its subdomains as well."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    network = forms.CharField(
        label=_("Network to be let through"),
        required=False,
        max_length=50,
        help_text=_("An address, or a network such as 192.0.2.0/24."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    deed = forms.ChoiceField(choices=[(deed, deed) for deed in STATUS_OF], widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: RefusalReport, told: Story | None, **kwargs: Any) -> None:
        mail = told.summary if told else None
        known = {"sender": mail.mail_from or mail.header_from, "network": mail.client_address or ""} if mail else {}
        super().__init__(*args, initial={**known, "deed": ANSWER}, **kwargs)
        self._language = report.language

    def clean(self) -> dict[str, Any]:
        """Only what the deed needs, and the standard text where nothing was written."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        deed = values.pop("deed", ANSWER)
        if not values.get("answer") and deed in STANDARD_TEXTS:
            with translation.override(self._language or translation.get_language()):
                values["answer"] = str(STANDARD_TEXTS[deed])
        for field, needed in (("sender", ALLOW_SENDER), ("network", ALLOW_NETWORK)):
            if deed != needed:
                values[field] = ""
            elif not values.get(field):
                self.add_error(field, gettext("Please say whom to allow."))
        return {**values, "status": STATUS_OF[deed]}


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """All reports, or those of one `status`; the open ones unless told otherwise."""
    status = request.GET.get("status", ReportStatus.OPEN)
    rows = visible_reports(scope_for(request))
    if status in ReportStatus.values:
        rows = rows.filter(status=status)
    else:
        status = ""
    context = {"page": paged(request, rows), "status": status, "statuses": ReportStatus.choices}
    return render(request, "center/reports/list.html", context)


@only_for(*PLATFORM)
def show(request: Request, pk: int) -> HttpResponse:
    """One report with the story of its mail; the form answers it, or opens it again, or sends the answer again."""
    scope = scope_for(request)
    report = get_object_or_404(visible_reports(scope), pk=pk)
    deed = request.POST.get("deed")
    if deed == REOPEN:
        return _again(request, report, reopen_report, gettext("The report is open again."))
    if deed == RESEND:
        return _again(request, report, resend_answer, gettext("The answer is on its way again."))
    told = story(scope, report.reference)
    form = AnswerForm(request.POST or None, report=report, told=told)
    if request.method == "POST":

        def answer(values: dict[str, Any]) -> RefusalReport:
            return answer_report(actor=actor_of(request), report=report, **values)

        if form.run(answer):
            messages.success(request, gettext("The report is closed, and the answer is on its way."))
            return redirect("report", pk)
    context = {"report": report, "form": form, **(context_of(told) if told else {})}
    return render(request, "center/reports/show.html", context)


def _again(request: Request, report: RefusalReport, deed: Callable[..., RefusalReport], done: str) -> HttpResponse:
    try:
        deed(actor=actor_of(request), report=report)
        messages.success(request, done)
    except ActionError as error:
        messages.error(request, error.message)
    return redirect("report", report.pk)
