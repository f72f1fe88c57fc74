"""The platform's policy of passwords: how strong they must be, and until when weaker ones work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mailcenter.actions.password_policy import change_password_policy, policy_in_force
from mailcenter.center.web.access import PLATFORM, Request, actor_of, only_for, scope_for
from mailcenter.center.web.forms.password_policy import STRENGTHS, PasswordPolicyForm
from mailcenter.directory.models import PasswordPolicy
from mailcenter.directory.scope import visible_domains, visible_users


@only_for(*PLATFORM)
def show(request: Request) -> HttpResponse:
    """What is in force, and how many passwords are known to be weak; the form is for operators."""
    row = PasswordPolicy.objects.first()
    said = {"password_minimum": row.password_minimum, "password_deadline": row.password_deadline} if row else {}
    form = PasswordPolicyForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST":

        def change(values: dict[str, Any]) -> PasswordPolicy:
            return change_password_policy(actor=actor_of(request), **values)

        if form.run(change):
            messages.success(request, _("The changes are saved."))
            return redirect("password-policy")
    policy, scope = policy_in_force(), scope_for(request)
    own = visible_domains(scope).filter(Q(password_minimum__isnull=False) | Q(password_deadline__isnull=False))
    context = {
        "form": form,
        "strength": STRENGTHS[policy.minimum_score],
        "deadline": policy.deadline,
        "weak": visible_users(scope).filter(password_weak=True).count(),
        "own": own.count(),
    }
    return render(request, "center/logins/password_policy.html", context)
