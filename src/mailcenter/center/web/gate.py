"""The rules of the gate for the platform's people: how often each refuses, its switch and figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mailcenter.actions.rules import book_in_force, change_rule
from mailcenter.center.web.access import PLATFORM, Request, actor_of, only_for
from mailcenter.center.web.forms.rules import RuleForm
from mailcenter.center.web.reasons import REASONS
from mailcenter.center.web.rule_words import STAGES
from mailcenter.directory.models import RuleSetting
from mailcenter.ledger.refusal_counts import refusal_counts
from mailcenter.policy import table
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook


def _row(stage: str, rule: Rule[Any], book: RuleBook) -> dict[str, Any]:
    counts = refusal_counts()
    return {
        "name": rule.name,
        "stage": STAGES.get(stage, stage),
        "meaning": REASONS.get(rule.name, rule.description),
        "standard": rule.standard,
        "switchable": rule.switchable,
        "reputation": rule.reputation,
        "on": book.is_on(rule.name),
        "figures": bool(rule.thresholds),
        "day": counts.day[rule.name],
        "week": counts.week[rule.name],
    }


@only_for(*PLATFORM)
def index(request: Request) -> HttpResponse:
    """All rules in the order in which they are asked."""
    book = book_in_force()
    return render(request, "center/gate/rules.html", {"rules": [_row(stage, rule, book) for stage, rule in table.ALL]})


@only_for(*PLATFORM)
def show(request: Request, name: str) -> HttpResponse:
    """One rule; the form changes it, and the gate follows at once."""
    found = next(((stage, rule) for stage, rule in table.ALL if rule.name == name), None)
    if found is None:
        raise Http404
    stage, rule = found
    book = book_in_force()
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule, book=book)
    if request.method == "POST":

        def change(values: dict[str, Any]) -> RuleSetting:
            return change_rule(actor=actor_of(request), rule=name, **values)

        if form.run(change):
            messages.success(request, _("The changes are saved. The gate follows at once."))
            return redirect("rule", name)
    return render(request, "center/gate/rule.html", {"rule": _row(stage, rule, book), "form": form})
