"""Domains: added and removed by operators, set up by those who manage them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mailcenter.actions import domains
from mailcenter.center.web.access import READERS, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.domains import AddDomainForm, ChangeDomainForm, RemoveDomainForm
from mailcenter.center.web.lists import count_of, paged, search_text
from mailcenter.directory.models import Alias, Domain, Mailbox, Role
from mailcenter.directory.scope import visible_domains, visible_organisations


def _visible(request: Request) -> QuerySet[Domain]:
    return visible_domains(scope_for(request)).annotate(
        mailbox_count=count_of(Mailbox.objects.all(), "domain"), alias_count=count_of(Alias.objects.all(), "domain")
    )


@only_for(*READERS)
def index(request: Request) -> HttpResponse:
    """All domains one may see."""
    rows, text = _visible(request), search_text(request)
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(unicode_name__icontains=text) | Q(organisation__name__icontains=text)
        )
    return render(request, "center/domains/list.html", {"page": paged(request, rows), "text": text})


@only_for(Role.OPERATOR, Role.RESELLER)
def add(request: Request) -> HttpResponse:
    """A new domain for a customer."""
    organisations = visible_organisations(scope_for(request))
    form = AddDomainForm(
        request.POST or None, organisations=organisations, initial={"organisation": request.GET.get("organisation")}
    )
    if request.method == "POST":
        made = form.run(lambda values: domains.create_domain(actor=actor_of(request), **values))
        if made:
            messages.success(
                request, _("Domain %(name)s is added. Now add its mailboxes.") % {"name": made.unicode_name}
            )
            return redirect("domain", made.pk)
    return render(request, "center/domains/add.html", {"form": form, "any_organisation": organisations.exists()})


@only_for(*READERS)
def show(request: Request, pk: int) -> HttpResponse:
    """One domain; the form changes it."""
    domain = get_object_or_404(_visible(request), pk=pk)
    form = ChangeDomainForm(
        request.POST or None,
        initial={
            "is_active": domain.is_active,
            "catch_all": domain.catch_all or "",
            "app_passwords_only": domain.app_passwords_only,
            "password_minimum": domain.password_minimum,
            "password_deadline": domain.password_deadline,
        },
    )
    if request.method == "POST":

        def change(values: dict[str, Any]) -> Domain:
            return domains.change_domain(actor=actor_of(request), domain=domain, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved."))
            return redirect("domain", pk)
    return render(request, "center/domains/show.html", {"domain": domain, "form": form})


@only_for(Role.OPERATOR, Role.RESELLER)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks for the name once more, then removes the domain with all that is in it."""
    domain = get_object_or_404(_visible(request), pk=pk)
    form = RemoveDomainForm(request.POST or None, domain=domain)
    if request.method == "POST":

        def deed(values: dict[str, Any]) -> str:
            return domains.remove_domain(
                actor=actor_of(request), domain=domain, with_mailboxes=values.get("with_mailboxes", False)
            )

        done = form.run(deed)
        if done:
            messages.success(request, done)
            return redirect("domains")
    return render(request, "center/domains/remove.html", {"domain": domain, "form": form})
