"""App passwords of a mailbox owner: one for each device, shown once, ended by one click."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.actions import app_passwords
from mailcenter.actions.mailboxes import change_mailbox
from mailcenter.center.web.access import Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.directory.models import Mailbox, Role
from mailcenter.directory.scope import visible_app_passwords, visible_mailboxes
from mailcenter.passwords.app_passwords import SERVICES

SERVICE_LABELS = {
    "imap": _("Read mail (IMAP)"),
    "pop3": _("Fetch mail (POP3)"),
    "submission": _("Send mail"),
    "sieve": _("Change filters (ManageSieve)"),
}


class AppPasswordForm(Form):
    """Device and what it may do."""

    name = forms.CharField(
        label=_("Device or program"), max_length=100, help_text=_("For example: phone, laptop at home.")
    )
    services = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(service, SERVICE_LABELS[service]) for service in SERVICES],
        initial=["imap", "submission"],
        widget=forms.CheckboxSelectMultiple,
    )


@only_for(Role.MAILBOX)
def index(request: Request) -> HttpResponse:
    """All of them; the form switches whether mail programs need one."""
    mailbox = _own(request)
    if request.method == "POST":
        wanted = request.POST.get("app_passwords_only") == "on"
        change_mailbox(actor=actor_of(request), mailbox=mailbox, app_passwords_only=wanted)
        messages.success(request, gettext("The changes are saved."))
        return redirect("app-passwords")
    rows = [
        {"row": row, "services": [SERVICE_LABELS.get(service, service) for service in row.services]}
        for row in visible_app_passwords(scope_for(request))
    ]
    return render(request, "center/app_passwords/list.html", {"mailbox": mailbox, "rows": rows})


@only_for(Role.MAILBOX)
def add(request: Request) -> HttpResponse:
    """A new one; the answer shows it, and nothing ever again."""
    mailbox = _own(request)
    form = AppPasswordForm(request.POST or None)
    if request.method == "POST":

        def deed(values: dict[str, Any]) -> tuple[Any, str]:
            return app_passwords.create_app_password(actor=actor_of(request), mailbox=mailbox, **values)

        made = form.run(deed)
        if made:
            row, password = made
            return render(request, "center/app_passwords/made.html", {"row": row, "secret": password})
    return render(request, "center/app_passwords/add.html", {"form": form})


@only_for(Role.MAILBOX)
def remove(request: Request, pk: int) -> HttpResponse:
    """End one at once; only by POST, and without asking: a device that loses it gets another."""
    row = get_object_or_404(visible_app_passwords(scope_for(request)), pk=pk)
    if request.method == "POST":
        messages.success(request, app_passwords.remove_app_password(actor=actor_of(request), app_password=row))
    return redirect("app-passwords")


def _own(request: Request) -> Mailbox:
    return get_object_or_404(visible_mailboxes(scope_for(request)))
