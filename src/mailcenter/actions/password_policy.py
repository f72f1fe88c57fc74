"""How strong passwords must be, and until when weaker ones work, for the whole platform."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions.base import UNSET, ActionError, Actor, Changes, Unset, apply, audit
from mailcenter.actions.rights import require_operator
from mailcenter.directory.models import PasswordPolicy
from mailcenter.passwords.policy import Policy, policy_of
from mailcenter.passwords.strength import STRONGEST


def policy_in_force() -> Policy:
    """The platform's policy at this moment: the operators' word, or else the configuration's."""
    configured, row = policy_of(settings.MAILCENTER), PasswordPolicy.objects.first()
    return configured.changed(row.password_minimum, row.password_deadline) if row else configured


def check_strength(password_minimum: int | Unset | None) -> None:
    """Raises ActionError: it is no strength."""
    if isinstance(password_minimum, int) and not 0 <= password_minimum <= STRONGEST:
        raise ActionError("password_minimum", _("The strength must be between 0 and %(most)d.") % {"most": STRONGEST})


def plain_days(changes: Changes) -> Changes:
    """Dates as the audit can keep them."""
    return {
        name: [each.isoformat() if isinstance(each, date) else each for each in pair] for name, pair in changes.items()
    }


@transaction.atomic
def change_password_policy(
    *,
    actor: Actor,
    password_minimum: int | Unset | None = UNSET,
    password_deadline: date | Unset | None = UNSET,
) -> PasswordPolicy:
    """Set the lowest strength (0 to 4) and the last day of weaker passwords; None: as the configuration says.

    A domain's own word goes before it.

    Raises:
        ActionError: naming the argument at fault.
    """
    require_operator(actor, "password_minimum")
    check_strength(password_minimum)
    row = PasswordPolicy.objects.select_for_update().get_or_create(pk=PasswordPolicy.ONLY)[0]
    changes = apply(row, {"password_minimum": password_minimum, "password_deadline": password_deadline})
    if changes:
        audit(actor, "password_policy.change", row, plain_days(changes))
    return row


def plain_password_policy() -> dict[str, Any]:
    """As JSON holds it: what operators said, null where they left it to the configuration, and what is in force."""
    row, policy = PasswordPolicy.objects.first(), policy_in_force()
    said = row.password_deadline if row else None
    return {
        "password_minimum": row.password_minimum if row else None,
        "password_deadline": said.isoformat() if said else None,
        "minimum_in_force": policy.minimum_score,
        "deadline_in_force": policy.deadline.isoformat() if policy.deadline else None,
    }
