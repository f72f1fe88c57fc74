"""Organisations: the customers. Operators change them, support looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mailcenter.actions import organisations
from mailcenter.actions.limits import storage_limit, use_of
from mailcenter.actions.rights import may_add_domains
from mailcenter.center.web.access import PLATFORM, READERS, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.forms.organisations import OrganisationForm, initial_of
from mailcenter.center.web.lists import count_of, paged, search_text
from mailcenter.directory.models import Domain, Organisation, Role, User
from mailcenter.directory.scope import visible_domains, visible_organisations


@dataclass(frozen=True)
class Figure:
    """One line of an organisation's use: `most` is None where there is no limit. Both as they are shown."""

    title: Promise | str
    has: str
    most: str | None
    percent: int


def _visible(request: Request) -> QuerySet[Organisation]:
    return visible_organisations(scope_for(request)).annotate(
        domain_count=count_of(Domain.objects.all(), "organisation"),
        user_count=count_of(User.objects.all(), "organisation"),
    )


def figures_of(organisation: Organisation) -> list[Figure]:
    """What it has, with its customers', beside what it may have."""
    use, storage = use_of(organisation), storage_limit(organisation)
    counts = (
        (_("Domains"), use.domains, organisation.most_domains),
        (_("Mailboxes"), use.mailboxes, organisation.most_mailboxes),
        (_("Aliases"), use.aliases, organisation.most_aliases),
    )
    figures = [
        Figure(title, str(has), None if most is None else str(most), _percent(has, most)) for title, has, most in counts
    ]
    given = filesizeformat(use.bytes_given)
    if use.mailboxes_without_quota:
        given = _("%(size)s and %(count)d mailboxes without a quota") % {
            "size": given,
            "count": use.mailboxes_without_quota,
        }
    most = None if storage is None else filesizeformat(storage)
    return [*figures, Figure(_("Storage given out"), given, most, _percent(use.bytes_given, storage))]


def _percent(has: int, most: int | None) -> int:
    if most is None:
        return 0
    return 100 if has >= most else has * 100 // most


@only_for(*PLATFORM, Role.RESELLER)
def index(request: Request) -> HttpResponse:
    """All organisations."""
    rows, text = _visible(request), search_text(request)
    if text:
        rows = rows.filter(name__icontains=text)
    return render(request, "center/organisations/list.html", {"page": paged(request, rows), "text": text})


@only_for(Role.OPERATOR, Role.RESELLER)
def add(request: Request) -> HttpResponse:
    """A new customer."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST":
        made = form.run(lambda values: organisations.create_organisation(actor=actor_of(request), **values))
        if made:
            messages.success(request, _("Organisation %(name)s is added. Now add its domains.") % {"name": made.name})
            return redirect("organisation", made.pk)
    return render(request, "center/organisations/add.html", {"form": form})


@only_for(*READERS)
def show(request: Request, pk: int) -> HttpResponse:
    """One customer with his domains and what he has of his limits; the form changes him."""
    organisation = get_object_or_404(_visible(request), pk=pk)
    form = OrganisationForm(request.POST or None, initial=initial_of(organisation))
    if request.method == "POST":

        def change(values: dict[str, Any]) -> Organisation:
            return organisations.change_organisation(actor=actor_of(request), organisation=organisation, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved."))
            return redirect("organisation", pk)
    own = organisation.pk == request.user.organisation_id
    context = {
        "organisation": organisation,
        "form": form,
        "page": paged(request, visible_domains(scope_for(request)).filter(organisation=organisation)),
        "figures": figures_of(organisation),
        "may_change": request.user.role == Role.OPERATOR or (request.user.role == Role.RESELLER and not own),
        "may_add_domain": may_add_domains(actor_of(request)),
    }
    return render(request, "center/organisations/show.html", context)


@only_for(Role.OPERATOR, Role.RESELLER)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then removes a customer without domains and users."""
    organisation = get_object_or_404(_visible(request), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(
            lambda _values: organisations.remove_organisation(actor=actor_of(request), organisation=organisation)
        )
        if done:
            messages.success(request, done)
            return redirect("organisations")
    return render(request, "center/organisations/remove.html", {"organisation": organisation, "form": form})
