"""Organisations: the customers. Operators change them, support looks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailcenter.actions import organisations
from mailcenter.center.web.access import PLATFORM, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import count_of, paged, search_text
from mailcenter.directory.models import Domain, Organisation, Role, User
from mailcenter.directory.scope import visible_organisations


class OrganisationForm(Form):
    """A customer's name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)


def _visible(request: Request) -> QuerySet[Organisation]:
    return visible_organisations(scope_for(request)).annotate(
        domain_count=count_of(Domain.objects.all(), "organisation"),
        user_count=count_of(User.objects.all(), "organisation"),
    )


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """All organisations."""
    rows, text = _visible(request), search_text(request)
    if text:
        rows = rows.filter(name__icontains=text)
    return render(request, "center/organisations/list.html", {"page": paged(request, rows), "text": text})


@only_for(Role.OPERATOR)
def add(request: Request) -> HttpResponse:
    """A new customer."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST":
        made = form.run(lambda values: organisations.create_organisation(actor=actor_of(request), **values))
        if made:
            messages.success(request, _("Organisation %(name)s is added. Now add its domains.") % {"name": made.name})
            return redirect("organisation", made.pk)
    return render(request, "center/organisations/add.html", {"form": form})


@only_for(*PLATFORM)
def show(request: Request, pk: int) -> HttpResponse:
    """One customer with his domains; the form renames him."""
    organisation = get_object_or_404(_visible(request), pk=pk)
    form = OrganisationForm(request.POST or None, initial={"name": organisation.name})
    if request.method == "POST":

        def rename(values: dict[str, Any]) -> Organisation:
            return organisations.change_organisation(actor=actor_of(request), organisation=organisation, **values)

        if form.run(rename):
            messages.success(request, _("The changes are saved."))
            return redirect("organisation", pk)
    context = {"organisation": organisation, "form": form, "page": paged(request, organisation.domains.all())}
    return render(request, "center/organisations/show.html", context)


@only_for(Role.OPERATOR)
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
