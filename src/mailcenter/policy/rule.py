"""A rule: one question about a mail, in a file of its own below `rules/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mailcenter.mail.reply import Reply

FactsT_contra = TypeVar("FactsT_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Rule(Generic[FactsT_contra]):
    """`check` gives the reply by which the mail is refused or deferred, or None where the rule has nothing against it.

    `name` stands in the ledger, `description` on screens, `standard` is what it obeys.
    """

    name: str
    description: str
    standard: str
    check: Callable[[FactsT_contra], Reply | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule's objection."""

    rule: str
    reply: Reply


def first_objection(rules: Sequence[Rule[FactsT_contra]], facts: FactsT_contra) -> Decision | None:
    """Ask the rules in their order; the first objection counts and spares the questions after it."""
    for rule in rules:
        reply = rule.check(facts)
        if reply is not None:
            return Decision(rule.name, reply)
    return None
