"""Which rules are on, and the figures they compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure of a rule that operators may change within its bounds. `unit` is for people: `seconds`, `points`."""

    default: float
    minimum: float
    maximum: float
    unit: str
    description: str

    def accepts(self, value: object) -> bool:
        """Whether it is a number within the bounds."""
        return isinstance(value, int | float) and not isinstance(value, bool) and self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What operators changed about a rule, as the database has it."""

    rule: str
    enabled: bool
    thresholds: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """One state of all rules. `figures` is keyed by rule and threshold."""

    figures: Mapping[tuple[str, str], float] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    def is_on(self, rule: str) -> bool:
        """Whether the rule is asked."""
        return rule not in self.off

    def figure(self, rule: str, threshold: str) -> float:
        """The figure in force. A name that no rule has is our own mistake: KeyError."""
        return self.figures[rule, threshold]


EMPTY: Final = RuleBook()
"""Nothing known yet: all rules are on, and none has a figure."""
