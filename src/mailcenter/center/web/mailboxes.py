"""Mailboxes: found among thousands, added, changed, removed, given a password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from mailcenter.actions import mailboxes
from mailcenter.actions.acting import may_act_as
from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_step import has_second_factor
from mailcenter.actions.senders import written
from mailcenter.center.web.access import MANAGERS, READERS, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.mailboxes import AddMailboxForm, ChangeMailboxForm
from mailcenter.center.web.forms.passwords import SetPasswordForm
from mailcenter.center.web.lists import chosen_domain, paged, search_text, with_address
from mailcenter.center.web.programs import mail_programs
from mailcenter.center.web.reset import reset_of
from mailcenter.directory.models import Mailbox, User
from mailcenter.directory.scope import visible_aliases, visible_domains, visible_mailboxes, visible_sender_entries

_MOST_SHOWN = 50
"""Aliases and senders on the page of a mailbox."""


@only_for(*READERS)
def index(request: Request) -> HttpResponse:
    """All mailboxes one may see, or those of one domain (`domain`), or those that hold a text (`q`)."""
    scope, text = scope_for(request), search_text(request)
    domain = chosen_domain(request, visible_domains(scope))
    rows = visible_mailboxes(scope)
    if domain:
        rows = rows.filter(domain=domain)
    rows = with_address(rows, text, "display_name")
    context = {
        "page": paged(request, rows),
        "text": text,
        "domain": domain,
        "any_domain": visible_domains(scope).exists(),
    }
    return render(request, "center/mailboxes/list.html", context)


@sensitive_post_parameters("password")
@only_for(*MANAGERS)
def add(request: Request) -> HttpResponse:
    """A new mailbox. A password that we made is shown in the answer, and never again."""
    domains = visible_domains(scope_for(request))
    form = AddMailboxForm(request.POST or None, domains=domains, initial={"domain": request.GET.get("domain")})
    if request.method == "POST":
        made = form.run(lambda values: mailboxes.create_mailbox(actor=actor_of(request), **values))
        if made:
            if form.made_password:
                return _show_password(request, made, form.made_password, new=True)
            messages.success(request, _("Mailbox %(address)s is added.") % {"address": made.unicode_address})
            return redirect("mailbox", made.pk)
    return render(request, "center/mailboxes/add.html", {"form": form, "any_domain": domains.exists()})


@only_for(*READERS)
def show(request: Request, pk: int) -> HttpResponse:
    """One mailbox; the form changes it."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    form = ChangeMailboxForm(request.POST or None, mailbox=mailbox)
    if request.method == "POST":

        def change(values: dict[str, Any]) -> Mailbox:
            return mailboxes.change_mailbox(actor=actor_of(request), mailbox=mailbox, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved."))
            return redirect("mailbox", pk)
    aliases = visible_aliases(scope_for(request)).filter(destinations__address=mailbox.address)[:_MOST_SHOWN]
    listed = visible_sender_entries(scope_for(request)).filter(mailbox=mailbox)[:_MOST_SHOWN]
    context = {
        "mailbox": mailbox,
        "form": form,
        "aliases": aliases,
        "senders": [(entry, written(entry)) for entry in listed],
        "second_factor": has_second_factor(mailbox.user),
        "may_act_as": may_act_as(actor_of(request), mailbox.user),
    }
    return render(request, "center/mailboxes/show.html", context)


@only_for(*MANAGERS)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then removes the mailbox."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: mailboxes.remove_mailbox(actor=actor_of(request), mailbox=mailbox))
        if done:
            messages.success(request, done)
            return redirect("mailboxes")
    return render(request, "center/mailboxes/remove.html", {"mailbox": mailbox, "form": form})


@sensitive_post_parameters("password")
@only_for(*MANAGERS, himself=True)
def password(request: Request, pk: int) -> HttpResponse:
    """A new password for the owner."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    form = SetPasswordForm(request.POST or None)
    if request.method == "POST":

        def deed(values: dict[str, Any]) -> User:
            return set_password(actor=actor_of(request), user=mailbox.user, password=values["password"])

        if form.run(deed):
            if form.made_password:
                return _show_password(request, mailbox, form.made_password, new=False)
            messages.success(request, _("The new password is set."))
            return redirect("mailbox", pk)
    return render(request, "center/mailboxes/password.html", {"mailbox": mailbox, "form": form})


def _show_password(request: Request, mailbox: Mailbox, secret: str, *, new: bool) -> HttpResponse:
    context = {"mailbox": mailbox, "secret": secret, "new": new, "programs": mail_programs()}
    return render(request, "center/mailboxes/made.html", context)


@only_for(*MANAGERS, himself=True)
def reset_second_factor(request: Request, pk: int) -> HttpResponse:
    """Asks, then takes app, passkeys and recovery codes from an owner who has lost them."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    return reset_of(request, mailbox.user, reverse("mailbox", args=[pk]))
