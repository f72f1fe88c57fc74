"""How suspicious mail is treated: of a domain by those who manage it, of a mailbox by its owner, too."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mailcenter.actions.rules import book_in_force
from mailcenter.actions.treatment import change_attachments, change_treatment
from mailcenter.center.web.access import EVERYONE, READERS, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.treatment import DomainTreatmentForm, TreatmentForm
from mailcenter.directory.models import Domain, Mailbox, Role
from mailcenter.directory.scope import visible_domains, visible_mailboxes
from mailcenter.policy.treatment import JUNK, PLATFORM_ACTION, REFUSE, RULE_NAME


@only_for(*READERS)
def of_domain(request: Request, pk: int) -> HttpResponse:
    """A domain's own thresholds, deeds and list of extensions."""
    domain = get_object_or_404(visible_domains(scope_for(request)), pk=pk)
    form = DomainTreatmentForm(request.POST if request.method == "POST" else None, place=domain)
    if request.method == "POST":

        def change(values: dict[str, Any]) -> Domain:
            attachments = {name: values.pop(name) for name in ("encrypted_archives", "blocked_extensions")}
            with transaction.atomic():
                change_treatment(actor=actor_of(request), place=domain, **values)
                return change_attachments(actor=actor_of(request), domain=domain, **attachments)

        if form.run(change):
            messages.success(request, _("The changes are saved. The gate follows at once."))
            return redirect("domain-treatment", pk)
    context = {"domain": domain, "form": form, "above": _above(None)}
    return render(request, "center/treatment/domain.html", context)


@only_for(*EVERYONE)
def of_mailbox(request: Request, pk: int) -> HttpResponse:
    """A mailbox's own thresholds and deeds."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    form = TreatmentForm(request.POST if request.method == "POST" else None, place=mailbox)
    if request.method == "POST":

        def change(values: dict[str, Any]) -> Domain | Mailbox:
            return change_treatment(actor=actor_of(request), place=mailbox, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved. The gate follows at once."))
            return redirect("mailbox-treatment", pk)
    may_change = request.user.role != Role.SUPPORT
    context = {"mailbox": mailbox, "form": form, "above": _above(mailbox.domain), "may_change": may_change}
    return render(request, "center/treatment/mailbox.html", context)


@only_for(Role.MAILBOX)
def own(request: Request) -> HttpResponse:
    """The menu's way to one's own mailbox."""
    mailbox = visible_mailboxes(scope_for(request)).first()
    if mailbox is None:
        raise Http404
    return redirect("mailbox-treatment", mailbox.pk)


def _above(domain: Domain | None) -> dict[str, Any]:
    """What an empty field stands for: the domain's word, else the platform's."""
    book = book_in_force()
    junk, refuse = book.figure(RULE_NAME, JUNK), book.figure(RULE_NAME, REFUSE)
    if domain is None:
        return {"junk": junk, "refuse": refuse, "action": PLATFORM_ACTION}
    return {
        "junk": junk if domain.junk_score is None else float(domain.junk_score),
        "refuse": refuse if domain.refuse_score is None else float(domain.refuse_score),
        "action": domain.spam_action or PLATFORM_ACTION,
    }
