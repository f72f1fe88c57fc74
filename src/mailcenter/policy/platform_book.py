"""The rule book in force: each rule's own figures, above them the configuration's, above them the operators'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mailcenter.policy import greylist, table
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook, RuleChange
from mailcenter.policy.treatment import JUNK, REFUSE, RULE_NAME
from mailcenter.settings.model import Settings

Defaults = Mapping[tuple[str, str], float]


def defaults_of(settings: Settings) -> Defaults:
    """The figures that the configuration sets, by rule and threshold."""
    figures = {(RULE_NAME, JUNK): settings.spam.junk_score, (RULE_NAME, REFUSE): settings.spam.refuse_score}
    # Who tries a demo sends one mail and looks; nobody tries again for him.
    return figures | ({(greylist.NAME, greylist.WAIT): 0.0} if settings.demo else {})


def rule_book(defaults: Defaults, changes: Iterable[RuleChange] = ()) -> RuleBook:
    """The book with the operators' changes; one that no rule offers, or out of its bounds, has no effect."""
    figures = {
        (rule.name, name): defaults.get((rule.name, name), threshold.default)
        for _, rule in table.ALL
        for name, threshold in rule.thresholds.items()
    }
    off = set()
    for change in changes:
        rule: Rule[Any] | None = table.BY_NAME.get(change.rule)
        if rule is None:
            continue
        if not change.enabled and rule.switchable:
            off.add(rule.name)
        for name, value in change.thresholds.items():
            if name in rule.thresholds and rule.thresholds[name].accepts(value):
                figures[rule.name, name] = float(value)
    return RuleBook(figures, frozenset(off))


DEFAULT_BOOK = rule_book({})
"""What the rules' files say."""
