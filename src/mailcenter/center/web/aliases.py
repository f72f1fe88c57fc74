"""Aliases: addresses whose mail goes on to others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mailcenter.actions import aliases
from mailcenter.center.web.access import MANAGERS, READERS, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.aliases import AddAliasForm, ChangeAliasForm
from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.lists import chosen_domain, paged, search_text, with_address
from mailcenter.directory.models import Alias
from mailcenter.directory.scope import visible_aliases, visible_domains


@only_for(*READERS)
def index(request: Request) -> HttpResponse:
    """All aliases one may see, or those of one domain (`domain`), or those that hold a text (`q`)."""
    scope, text = scope_for(request), search_text(request)
    domain = chosen_domain(request, visible_domains(scope))
    rows = visible_aliases(scope)
    if domain:
        rows = rows.filter(domain=domain)
    rows = with_address(rows, text, "destinations__address").distinct()
    context = {
        "page": paged(request, rows),
        "text": text,
        "domain": domain,
        "any_domain": visible_domains(scope).exists(),
    }
    return render(request, "center/aliases/list.html", context)


@only_for(*MANAGERS)
def add(request: Request) -> HttpResponse:
    """A new alias."""
    domains = visible_domains(scope_for(request))
    form = AddAliasForm(request.POST or None, domains=domains, initial={"domain": request.GET.get("domain")})
    if request.method == "POST":
        made = form.run(lambda values: aliases.create_alias(actor=actor_of(request), **values))
        if made:
            messages.success(request, _("Alias %(address)s is added.") % {"address": made.unicode_address})
            return redirect("aliases")
    return render(request, "center/aliases/add.html", {"form": form, "any_domain": domains.exists()})


@only_for(*READERS)
def show(request: Request, pk: int) -> HttpResponse:
    """One alias; the form changes it."""
    alias = get_object_or_404(visible_aliases(scope_for(request)), pk=pk)
    form = ChangeAliasForm(request.POST or None, alias=alias)
    if request.method == "POST":

        def change(values: dict[str, Any]) -> Alias:
            return aliases.change_alias(actor=actor_of(request), alias=alias, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved."))
            return redirect("alias", pk)
    return render(request, "center/aliases/show.html", {"alias": alias, "form": form})


@only_for(*MANAGERS)
def remove(request: Request, pk: int) -> HttpResponse:
    """Asks, then removes the alias."""
    alias = get_object_or_404(visible_aliases(scope_for(request)), pk=pk)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.run(lambda _values: aliases.remove_alias(actor=actor_of(request), alias=alias))
        if done:
            messages.success(request, done)
            return redirect("aliases")
    return render(request, "center/aliases/remove.html", {"alias": alias, "form": form})
