"""Rules of the gate: switched on and off, their figures changed, for the whole platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions.base import UNSET, ActionError, Actor, NotFoundError, Unset, apply, audit
from mailcenter.actions.rights import require_operator
from mailcenter.directory.models import RuleSetting
from mailcenter.policy import table
from mailcenter.policy.platform_book import defaults_of, rule_book
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook, RuleChange
from mailcenter.policy.treatment import JUNK, REFUSE, RULE_NAME


def book_in_force() -> RuleBook:
    """The rules' switches and figures as the gate reads them at this moment."""
    changes = [RuleChange(row.rule, row.enabled, row.thresholds) for row in RuleSetting.objects.all()]
    return rule_book(defaults_of(settings.MAILCENTER), changes)


@transaction.atomic
def change_rule(
    *,
    actor: Actor,
    rule: str,
    enabled: bool | Unset = UNSET,
    thresholds: Mapping[str, float | None] | Unset = UNSET,
) -> RuleSetting:
    """Switch a rule, or set some of its figures; None sets one back to its default. The gate follows at once.

    Raises:
        ActionError: the rule cannot be switched off, has no such figure, or the figure is out of its bounds.
    """
    require_operator(actor, "rule")
    known = table.BY_NAME.get(rule)
    if known is None:
        raise NotFoundError("rule", _("There is no rule of this name."))
    if enabled is False and not known.switchable:
        raise ActionError("enabled", _("The platform would not be safe without this rule."))
    row = RuleSetting.objects.select_for_update().get_or_create(rule=rule)[0]
    figures = UNSET if thresholds is UNSET else _figures(known, row.thresholds, thresholds)
    changes = apply(row, {"enabled": enabled, "thresholds": figures})
    if rule == RULE_NAME:
        _refuse_junk_above_refusal()
    if changes:
        audit(actor, "rule.change", row, changes)
    return row


def _figures(rule: Rule[Any], old: Mapping[str, Any], wanted: Mapping[str, float | None]) -> dict[str, Any]:
    figures = dict(old)
    for name, value in wanted.items():
        threshold = rule.thresholds.get(name)
        if threshold is None:
            raise ActionError("thresholds", _("The rule has no figure %(name)s.") % {"name": name})
        if value is None:
            figures.pop(name, None)
        elif threshold.accepts(value):
            figures[name] = value
        else:
            raise ActionError(
                "thresholds",
                _("%(name)s must be a number from %(minimum)g to %(maximum)g.")
                % {"name": name, "minimum": threshold.minimum, "maximum": threshold.maximum},
            )
    return figures


def _refuse_junk_above_refusal() -> None:
    book = book_in_force()
    if book.figure(RULE_NAME, JUNK) > book.figure(RULE_NAME, REFUSE):
        raise ActionError("thresholds", _("The score for Junk must not be above the one for refusal."))
